/** Mean reciprocal rank. */
import type { RankMetric } from './rankMetric.js'

export const mrr: RankMetric = (ranks) => {
  let sum = 0
  for (const rank of ranks) sum += 1 / rank
  return ranks.length === 0 ? 0 : sum / ranks.length
}
