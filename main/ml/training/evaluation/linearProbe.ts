/** Classifies pictures by a linear layer on their embeddings, trained on some and tested on others. */

import {
  classScores,
  type LinearClassifier,
  openRegression,
} from '../metrics/labels/logisticRegression.js'
import { chooseAgainst } from '../metrics/labels/nearestClass.js'
import type { EmbeddingMatrix } from '../metrics/ranks.js'
import { pickRows } from './labelled.js'
import type { ProbeSplit } from './probeSplit.js'

export interface ProbeResult {
  /** Per picture of the test part. */
  readonly predicted: Int32Array
  /** The penalty that did best on the validation part. */
  readonly l2: number
}

/** Penalties to choose from, strongest first, so that each begins where a simpler one ended. */
const penalties = [1, 0.1, 0.01, 1e-3, 1e-4] as const

/**
 * Logistic regression on embeddings of which each dimension has mean 0 and, over all, variance 1.
 *
 * @param images of the labelled pictures, `truth` their classes
 */
export async function probeLinearly(
  images: EmbeddingMatrix,
  truth: Int32Array,
  classCount: number,
  { train, validation, test }: ProbeSplit,
  signal?: AbortSignal,
): Promise<ProbeResult> {
  const features = standardise(images, train)
  const classesOf = (rows: readonly number[]) => Int32Array.from(rows, (row) => truth[row]!)
  const fitter = await openRegression(pickRows(features, train), classesOf(train), classCount)
  let best: { l2: number; right: number; classifier: LinearClassifier } | null = null
  let classifier: LinearClassifier | undefined
  try {
    for (const l2 of penalties) {
      classifier = await fitter.fit(l2, classifier, signal)
      const right = countRight(predict(classifier, features, truth, validation), truth, validation)
      if (best === null || right > best.right) best = { l2, right, classifier }
    }
  } finally {
    await fitter.dispose()
  }
  // With the penalty chosen, the pictures to choose by are learned from as well.
  const all = [...train, ...validation]
  const last = await openRegression(pickRows(features, all), classesOf(all), classCount)
  try {
    const final = await last.fit(best!.l2, best!.classifier, signal)
    return { predicted: predict(final, features, truth, test), l2: best!.l2 }
  } finally {
    await last.dispose()
  }
}

function predict(
  classifier: LinearClassifier,
  features: EmbeddingMatrix,
  truth: Int32Array,
  rows: readonly number[],
): Int32Array {
  return Int32Array.from(rows, (row) =>
    chooseAgainst(classScores(classifier, features, row), truth[row]!),
  )
}

function countRight(predicted: Int32Array, truth: Int32Array, rows: readonly number[]): number {
  return rows.filter((row, i) => predicted[i] === truth[row]).length
}

/** Moved and scaled by the mean and the overall spread of the rows that are trained on. */
function standardise(
  { rows, dim, data }: EmbeddingMatrix,
  train: readonly number[],
): EmbeddingMatrix {
  const mean = new Float64Array(dim)
  for (const row of train) {
    for (let k = 0; k < dim; k++) mean[k]! += data[row * dim + k]! / train.length
  }
  let squares = 0
  for (const row of train) {
    for (let k = 0; k < dim; k++) squares += (data[row * dim + k]! - mean[k]!) ** 2
  }
  const scale = 1 / (Math.sqrt(squares / (train.length * dim)) || 1)
  return { rows, dim, data: data.map((value, i) => (value - mean[i % dim]!) * scale) }
}
