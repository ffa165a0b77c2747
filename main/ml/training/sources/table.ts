/** Batches, and what pictures in them look like, by what is learned from. A new one is one file and one line here. */
import type { TrainingSpec } from '../../../../shared/domain/training.js'
import type { BatchSource } from '../batchSource.js'
import {
  type AugmentationSettings,
  defaultAugmentation,
  viewAugmentation,
} from '../pictures/augmentation.js'
import type { ContrastiveBatch } from '../step/contrastiveBatch.js'
import { createPairBatches, type PairBatchesOptions } from './pairBatches.js'
import { createViewBatches } from './viewBatches.js'

/** `images` must be able to give a second view, except for captions alone. */
export function createBatches(
  { learnFrom }: TrainingSpec,
  options: PairBatchesOptions,
): BatchSource<ContrastiveBatch> {
  switch (learnFrom.kind) {
    case 'captions':
      return createPairBatches(options)
    case 'pictures':
      return createViewBatches({ ...options, texts: null })
    case 'both':
      return createViewBatches(options)
  }
}

/** By view. Captions name colours and places, so what they belong to is changed but little. */
export function augmentationsOf({
  augment,
  learnFrom,
}: TrainingSpec): readonly (AugmentationSettings | null)[] {
  const first = augment ? defaultAugmentation : null
  switch (learnFrom.kind) {
    case 'captions':
      return [first]
    case 'pictures':
      return [viewAugmentation]
    case 'both':
      return [first, viewAugmentation]
  }
}
