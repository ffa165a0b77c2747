/** Gives a small collection enough updates, where the user has not said how long to learn. */
import type { TrainingSpec } from '../../shared/domain/training.js'
import { microBatchFor, type TrainingChoices } from './trainingDefaults.js'

/** What a method needs before its rate has done its work. */
interface Needs {
  /** Updates that a run makes at least, unless it is over before. */
  readonly steps: number
  /** Batches are not cut below this: with fewer pairs there is too little to tell a pair from. */
  readonly batchSize: number
  /** More passes only learn the pictures by heart. */
  readonly epochs: number
}

/** Null for runs that are limited by time. */
const needs: Readonly<Record<TrainingSpec['method'], Needs | null>> = {
  scratch: null,
  // Steps on cached features take milliseconds, whatever the batch.
  quick: { steps: 300, batchSize: 512, epochs: 300 },
  deep: { steps: 300, batchSize: 32, epochs: 60 },
  full: { steps: 300, batchSize: 32, epochs: 60 },
}

/** An epoch of fewer batches makes the batch smaller first, which costs no time. */
const batchesPerEpoch = 4

/**
 * A run over few pairs takes smaller batches and more passes, down and up to what its method allows;
 * early stopping ends it before that where validation pairs say so. What the user chose stays.
 *
 * @param pairs those that are trained on
 */
export function fitToCollection(
  spec: TrainingSpec,
  choices: Pick<TrainingChoices, 'batch' | 'epochs' | 'minutes'>,
  pairs: number,
): TrainingSpec {
  const need = needs[spec.method]
  if (need === null) return spec
  const batchSize = choices.batch ?? fitBatch(spec.batchSize, need, pairs)
  const fitted = { ...spec, batchSize, microBatchSize: microBatchFor(batchSize, spec.learnFrom) }
  if (choices.epochs !== undefined || choices.minutes !== undefined) return fitted
  const stepsPerEpoch = Math.max(1, Math.floor(pairs / batchSize)) / spec.accumulate
  const wanted = Math.min(need.epochs, Math.ceil(need.steps / stepsPerEpoch))
  return { ...fitted, epochs: Math.max(spec.epochs ?? 0, wanted) }
}

function fitBatch(usual: number, need: Needs, pairs: number): number {
  let batchSize = usual
  while (batchSize > need.batchSize && pairs / batchSize < batchesPerEpoch) batchSize /= 2
  return batchSize
}
