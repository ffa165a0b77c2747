/** Mean rank. */
import type { RankMetric } from './rankMetric.js'

export const meanRank: RankMetric = (ranks) => {
  let sum = 0
  for (const rank of ranks) sum += rank
  return ranks.length === 0 ? 0 : sum / ranks.length
}
