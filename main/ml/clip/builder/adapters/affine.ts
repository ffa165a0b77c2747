/** x W + b for each row x. */

/**
 * @param rows row-major [count, weight.length / bias.length]
 * @param weight row-major, one column for each number of `bias`
 * @returns row-major [count, bias.length]
 */
export function affine(rows: Float32Array, weight: Float32Array, bias: Float32Array): Float32Array {
  const to = bias.length
  const from = weight.length / to
  const result = new Float32Array((rows.length / from) * to)
  for (let start = 0, at = 0; start < rows.length; start += from, at += to) {
    const row = result.subarray(at, at + to)
    row.set(bias)
    for (let k = 0; k < from; k++) {
      const value = rows[start + k]!
      const weights = weight.subarray(k * to, (k + 1) * to)
      for (let j = 0; j < to; j++) row[j]! += value * weights[j]!
    }
  }
  return result
}
