/** Compares two models by what each did with the same queries. */
import { createRandom } from '../../random.js'
import { clusterDraws, type Interval, middle95, numberClusters } from '../bootstrap.js'
import { mean } from '../rankMetric.js'
import { signFlipP } from './signFlip.js'

export interface PairedComparison {
  /** Means of the two models, and the first minus the second. */
  readonly model: number
  readonly against: number
  readonly difference: number
  /** 95 %, by the paired cluster bootstrap. */
  readonly interval: Interval
  /** Of the clustered sign-flip test. */
  readonly p: number
  readonly verdict: 'better' | 'worse' | 'not distinguishable'
}

/**
 * @param model per query the figure of one model, and `against` that of the other
 * @param clusters per query a number that queries of linked pictures share
 */
export function comparePaired(
  model: Float64Array,
  against: Float64Array,
  clusters: Int32Array,
): PairedComparison {
  const differences = model.map((value, i) => value - against[i]!)
  const once = new Float64Array(model.length).fill(1)
  const difference = mean(differences)(once)
  const p = signFlipP(sumByCluster(differences, clusters), createRandom(seed, 1))
  return {
    model: mean(model)(once),
    against: mean(against)(once),
    difference,
    interval: bootstrapDifference(differences, clusters),
    p,
    verdict: p >= significance || difference === 0 ? 'not distinguishable' : verdictOf(difference),
  }
}

/** What happens by chance less often than this is told apart. */
const significance = 0.05
const bootstrapRounds = 2_000
/** The same figures always give the same interval and the same p. */
const seed = 23

function verdictOf(difference: number): PairedComparison['verdict'] {
  return difference > 0 ? 'better' : 'worse'
}

function bootstrapDifference(differences: Float64Array, clusters: Int32Array): Interval {
  const draw = clusterDraws(clusters, createRandom(seed, 2))
  const figure = mean(differences)
  return middle95(Float64Array.from({ length: bootstrapRounds }, () => figure(draw())).sort())
}

function sumByCluster(values: Float64Array, clusters: Int32Array): Float64Array {
  const numbers = numberClusters(clusters)
  const sums = new Float64Array(numbers.reduce((most, number) => Math.max(most, number + 1), 0))
  for (const [i, number] of numbers.entries()) sums[number]! += values[i]!
  return sums
}
