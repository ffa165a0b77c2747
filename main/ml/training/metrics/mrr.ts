/** Mean reciprocal rank of the best relevant item. */
import { mean, type RankMetric } from './rankMetric.js'

export const mrr: RankMetric = { ofQuery: (ranks) => 1 / ranks[0]!, over: mean }
