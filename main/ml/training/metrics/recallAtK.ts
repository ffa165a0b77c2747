/** The share of queries with a relevant item among the first k (the hit rate, as CLIP papers say recall). */
import { mean, type RankMetric } from './rankMetric.js'

export function recallAtK(k: number): RankMetric {
  return { ofQuery: (ranks) => (ranks[0]! <= k ? 1 : 0), over: mean }
}
