/** The share of queries with a relevant item among the first k (the hit rate, as CLIP papers say recall). */
import type { RankMetric } from './rankMetric.js'

export function recallAtK(k: number): RankMetric {
  return (ranks) => {
    let hits = 0
    for (const rank of ranks) if (rank <= k) hits++
    return ranks.length === 0 ? 0 : hits / ranks.length
  }
}
