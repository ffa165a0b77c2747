/** Mean rank of the best relevant item. */
import { mean, type RankMetric } from './rankMetric.js'

export const meanRank: RankMetric = { ofQuery: (ranks) => ranks[0]!, over: mean }
