/** The value below which a share of the measured ones lies. */

/** @param share 0 to 1, such as 0.99 */
export function percentile(values: readonly number[], share: number): number {
  if (values.length === 0) throw new RangeError('no values were measured')
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!
}
