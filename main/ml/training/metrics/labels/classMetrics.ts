/** Accuracy, and precision and recall of each class. */
import type { ClassificationReport } from '../../../../../shared/domain/evaluation.js'
import { createRandom } from '../../random.js'
import { clusterDraws, middle95 } from '../bootstrap.js'
import { mean } from '../rankMetric.js'

/** What a classifier said of pictures. */
export interface Predictions {
  /** The classes' names. */
  readonly labels: readonly string[]
  /** Per picture the class it has and the one that it was given. */
  readonly truth: Int32Array
  readonly predicted: Int32Array
  /** Per picture a number that linked ones share. */
  readonly clusters: Int32Array
}

export function reportClasses(predictions: Predictions): ClassificationReport {
  const { labels, truth, predicted } = predictions
  const right = rightOnes(predictions)
  const [actual, given, hit] = Array.from({ length: 3 }, () => new Float64Array(labels.length))
  const confused = new Map<number, number>()
  for (const [i, own] of truth.entries()) {
    const said = predicted[i]!
    actual![own]!++
    given![said]!++
    if (said === own) hit![own]!++
    else
      confused.set(own * labels.length + said, (confused.get(own * labels.length + said) ?? 0) + 1)
  }
  const perClass = labels.flatMap((label, k) => {
    if (actual![k] === 0) return []
    const precision = given![k] === 0 ? null : hit![k]! / given![k]!
    return [{ label, pictures: actual![k]!, precision, recall: hit![k]! / actual![k]! }]
  })
  return {
    pictures: truth.length,
    classes: labels.length,
    accuracy: mean(right)(new Float64Array(right.length).fill(1)),
    interval: accuracyInterval(right, predictions.clusters),
    largestClass: Math.max(0, ...actual!) / Math.max(1, truth.length),
    meanRecall:
      perClass.reduce((sum, { recall }) => sum + recall, 0) / Math.max(1, perClass.length),
    perClass,
    confusions: [...confused]
      .map(([key, pictures]) => ({
        label: labels[Math.floor(key / labels.length)]!,
        taken: labels[key % labels.length]!,
        pictures,
      }))
      .sort((a, b) => b.pictures - a.pictures),
  }
}

/** 1 for each picture that was given its own class, else 0. */
export function rightOnes({ truth, predicted }: Predictions): Float64Array {
  return Float64Array.from(truth, (own, i) => (predicted[i] === own ? 1 : 0))
}

const bootstrapRounds = 1_000
const bootstrapSeed = 21

function accuracyInterval(right: Float64Array, clusters: Int32Array) {
  const draw = clusterDraws(clusters, createRandom(bootstrapSeed))
  const figure = mean(right)
  return middle95(Float64Array.from({ length: bootstrapRounds }, () => figure(draw())).sort())
}
