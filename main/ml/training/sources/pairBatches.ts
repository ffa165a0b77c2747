/** Batches of pairs for the training loop, whatever pictures and texts are made of. */
import type { TrainingSpec } from '../../../../shared/domain/training.js'
import type { BatchSource } from '../batchSource.js'
import { linkGroups } from '../sampling/groups.js'
import { createMiner } from '../sampling/miner.js'
import { createOrder } from '../sampling/orders/table.js'
import { createPairSampler, fitBatchSize } from '../sampling/pairSampler.js'
import type { ContrastiveBatch } from '../step/contrastiveBatch.js'
import type { CaptionTable } from './captionTable.js'
import { mineBatches } from './mineBatches.js'
import type { ImageInputs, TextInputs } from './towerInputs.js'

export interface PairBatchesOptions {
  readonly captions: CaptionTable
  readonly images: ImageInputs
  readonly texts: TextInputs
  readonly batchSize: number
  readonly sampling: TrainingSpec['sampling']
  readonly seed: number
  /** Batches to prepare ahead of the one being trained on. */
  readonly ahead: number
}

/**
 * Batches with one caption per item. Pairs whose captions mean the same, or whose labels
 * are equal, are in one group.
 */
export function createPairBatches(options: PairBatchesOptions): BatchSource<ContrastiveBatch> {
  const { captions, images, texts, ahead, sampling, seed } = options
  const captionCounts = captions.ofItem.map((own) => own.length)
  const { labels } = captions
  const batchSize = fitBatchSize(options.batchSize, labels.length)
  const miner = createMiner(Math.floor(labels.length / batchSize), ahead)
  const { neighboursAt } = miner
  const order = createOrder({ sampling, labels, batchSize, seed, neighboursAt })
  const sampler = createPairSampler(captionCounts, batchSize, seed, order)
  return {
    ...(sampling.kind === 'hard-negatives' ? { mining: mineBatches(miner, options) } : {}),
    batchesPerEpoch: sampler.batchesPerEpoch,
    batchSize: sampler.batchSize,
    ahead,
    async batchAt(step) {
      const { epoch, items, captions: choices } = sampler.picksAt(step)
      const rows = choices.map((choice, i) => captions.ofItem[items[i]!]![choice]!)
      const meanings = rows.map((row) => captions.meaning[row]!)
      const ownLabels = items.map((item) => labels[item]!)
      return {
        size: items.length,
        image: await images(items, epoch),
        text: texts(rows),
        groups: BigInt64Array.from(linkGroups(items.length, [meanings, ownLabels]), BigInt),
      }
    },
  }
}
