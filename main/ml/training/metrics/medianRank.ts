/** Median rank of the best relevant item. */
import { median, type RankMetric } from './rankMetric.js'

export const medianRank: RankMetric = { ofQuery: (ranks) => ranks[0]!, over: median }
