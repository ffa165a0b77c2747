/** Confidence intervals by the percentile bootstrap over queries (Efron 1979). */
import type { Random } from '../random.js'
import { type RankMetricName, rankMetricNames, rankMetrics } from './table.js'

export type Intervals = Record<RankMetricName, [number, number]>

/**
 * The 95 % interval of each rank metric: queries are drawn with replacement `rounds` times and the
 * 2.5 and 97.5 percentiles of the figures taken.
 */
export function bootstrapIntervals(
  ranks: Int32Array,
  random: Random,
  rounds = bootstrapRounds,
): Intervals {
  const figures = new Map(rankMetricNames.map((name) => [name, new Float64Array(rounds)]))
  const drawn = new Int32Array(ranks.length)
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < drawn.length; i++) drawn[i] = ranks[random.integer(ranks.length)]!
    for (const [name, values] of figures) values[round] = rankMetrics[name](drawn)
  }
  const intervals = [...figures].map(([name, values]) => [name, middle95(values.sort())])
  return Object.fromEntries(intervals) as Intervals
}

const bootstrapRounds = 500

function middle95(sorted: Float64Array): [number, number] {
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))]!
  return [at(0.025), at(0.975)]
}
