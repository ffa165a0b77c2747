/** The rank metrics by the name a retrieval report uses. */
import { meanAveragePrecision } from './meanAveragePrecision.js'
import { meanRank } from './meanRank.js'
import { medianRank } from './medianRank.js'
import { mrr } from './mrr.js'
import { ndcgAtK } from './ndcgAtK.js'
import type { RankMetric } from './rankMetric.js'
import { recallAtK } from './recallAtK.js'

export const rankMetrics = {
  recallAt1: recallAtK(1),
  recallAt5: recallAtK(5),
  recallAt10: recallAtK(10),
  mrr,
  meanAveragePrecision,
  ndcgAt10: ndcgAtK(10),
  medianRank,
  meanRank,
} as const satisfies Record<string, RankMetric>

export type RankMetricName = keyof typeof rankMetrics
export const rankMetricNames = Object.keys(rankMetrics) as RankMetricName[]

/** The figure of each query. */
export function scoreQueries(name: RankMetricName, ranks: readonly Int32Array[]): Float64Array {
  return Float64Array.from(ranks, rankMetrics[name].ofQuery)
}
