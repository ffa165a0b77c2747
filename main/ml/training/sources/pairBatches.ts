/** Batches of pairs for the training loop, whatever pictures and texts are made of. */
import type { BatchSource } from '../batchSource.js'
import { linkGroups } from '../sampling/groups.js'
import { createPairSampler } from '../sampling/pairSampler.js'
import type { BatchPart, ContrastiveBatch } from '../step/contrastiveBatch.js'
import type { CaptionTable } from './captionTable.js'

/** The image tower's inputs for items, in that order; the same for the same items and epoch. */
export type ImageInputs = (items: Int32Array, epoch: number) => Promise<BatchPart>

/** The text tower's inputs for captions, given by their numbers in the caption table. */
export type TextInputs = (captions: Int32Array) => BatchPart

export interface PairBatchesOptions {
  readonly captions: CaptionTable
  readonly images: ImageInputs
  readonly texts: TextInputs
  readonly batchSize: number
  readonly seed: number
  /** Batches to prepare ahead of the one being trained on. */
  readonly ahead: number
}

/**
 * Shuffled batches with one caption per item. Pairs whose captions mean the same, or whose labels
 * are equal, are in one group.
 */
export function createPairBatches(options: PairBatchesOptions): BatchSource<ContrastiveBatch> {
  const { captions, images, texts, ahead } = options
  const captionCounts = captions.ofItem.map((own) => own.length)
  const sampler = createPairSampler(captionCounts, options.batchSize, options.seed)
  return {
    batchesPerEpoch: sampler.batchesPerEpoch,
    batchSize: sampler.batchSize,
    ahead,
    async batchAt(step) {
      const { epoch, items, captions: choices } = sampler.picksAt(step)
      const rows = choices.map((choice, i) => captions.ofItem[items[i]!]![choice]!)
      const meanings = rows.map((row) => captions.meaning[row]!)
      const labels = items.map((item) => captions.labels[item]!)
      return {
        size: items.length,
        image: await images(items, epoch),
        text: texts(rows),
        groups: BigInt64Array.from(linkGroups(items.length, [meanings, labels]), BigInt),
      }
    },
  }
}
