/** Four sums at a time, which the processor can work on at once. */
export function dot(rows: Float32Array, start: number, vector: Float32Array): number {
  const { length } = vector
  const whole = length - (length % 4)
  let a = 0
  let b = 0
  let c = 0
  let d = 0
  for (let i = 0, j = start; i < whole; i += 4, j += 4) {
    a += rows[j]! * vector[i]!
    b += rows[j + 1]! * vector[i + 1]!
    c += rows[j + 2]! * vector[i + 2]!
    d += rows[j + 3]! * vector[i + 3]!
  }
  for (let i = whole; i < length; i++) a += rows[start + i]! * vector[i]!
  return a + b + c + d
}
