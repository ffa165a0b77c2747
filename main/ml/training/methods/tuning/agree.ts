/** Whether two runs gave the same numbers. */

/** Of the largest number; sums in another order differ by less, other inputs by far more. */
const tolerance = 1e-4

export function agree(a: Float32Array, b: Float32Array): boolean {
  const largest = a.reduce((max, value) => Math.max(max, Math.abs(value)), 0)
  return (
    a.length === b.length && a.every((value, i) => Math.abs(value - b[i]!) <= tolerance * largest)
  )
}
