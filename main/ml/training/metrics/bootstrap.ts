/** Confidence intervals by the percentile bootstrap (Efron 1979), whole clusters at a time. */
import type { Random } from '../random.js'
import { type RankMetricName, rankMetricNames, rankMetrics, scoreQueries } from './table.js'

export type Interval = [number, number]
export type Intervals = Record<RankMetricName, Interval>

/**
 * The 95 % interval of each rank metric: clusters of queries are drawn with replacement `rounds`
 * times and the 2.5 and 97.5 percentiles of the figures taken.
 *
 * @param ranks per query those of its relevant items
 * @param clusters per query a number that queries of linked pictures share; they count as one draw
 */
export function bootstrapIntervals(
  ranks: readonly Int32Array[],
  clusters: Int32Array,
  random: Random,
  rounds = bootstrapRounds,
): Intervals {
  const figures = rankMetricNames.map((name) => ({
    name,
    of: rankMetrics[name].over(scoreQueries(name, ranks)),
    values: new Float64Array(rounds),
  }))
  const draw = clusterDraws(clusters, random)
  for (let round = 0; round < rounds; round++) {
    const weights = draw()
    for (const { of, values } of figures) values[round] = of(weights)
  }
  const intervals = figures.map(({ name, values }) => [name, middle95(values.sort())])
  return Object.fromEntries(intervals) as Intervals
}

const bootstrapRounds = 500

/** Draws as many clusters as there are, with replacement; how often each query was drawn with its own. */
export function clusterDraws(clusters: Int32Array, random: Random): () => Float64Array {
  const numbers = numberClusters(clusters)
  const count = numbers.reduce((most, number) => Math.max(most, number + 1), 0)
  const times = new Float64Array(count)
  const weights = new Float64Array(clusters.length)
  return () => {
    times.fill(0)
    for (let i = 0; i < count; i++) times[random.integer(count)]!++
    for (let i = 0; i < weights.length; i++) weights[i] = times[numbers[i]!]!
    return weights
  }
}

/** The clusters numbered 0, 1, 2 ... in the order in which they come. */
export function numberClusters(clusters: Int32Array): Int32Array {
  const numbers = new Map<number, number>()
  return clusters.map((cluster) => {
    const number = numbers.get(cluster) ?? numbers.size
    numbers.set(cluster, number)
    return number
  })
}

/** @param sorted rising */
export function middle95(sorted: Float64Array): Interval {
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))] ?? 0
  return [at(0.025), at(0.975)]
}
