/** Median rank; the mean of the middle two of an even number. */
import type { RankMetric } from './rankMetric.js'

export const medianRank: RankMetric = (ranks) => {
  if (ranks.length === 0) return 0
  const sorted = ranks.slice().sort()
  const middle = sorted.length >> 1
  if (sorted.length % 2 === 1) return sorted[middle]!
  return (sorted[middle - 1]! + sorted[middle]!) / 2
}
