/** Batches of stored features and encoded captions for the training loop. */
import type { Tokenizer } from '../../../main/ml/clip/tokenizer/Tokenizer.js'
import type { BatchSource } from '../../../main/ml/training/batchSource.js'
import { createRandom } from '../../../main/ml/training/random.js'
import { createPairSampler } from '../../../main/ml/training/sampling/pairSampler.js'
import { createTokenTexts } from '../../../main/ml/training/sources/tokenTexts.js'
import type {
  BatchPart,
  ContrastiveBatch,
} from '../../../main/ml/training/step/contrastiveBatch.js'
import { featureChannels } from '../backbone/buildBackbone.js'
import { mergedCells, mergedLength } from '../backbone/mergeCells.js'
import { type FeatureReader, viewCount } from '../features/featureStore.js'
import type { Dataset } from './dataset.js'
import { contextLength } from './vocabulary.js'

export interface BatchOptions {
  readonly dataset: Dataset
  readonly features: FeatureReader
  readonly tokenizer: Tokenizer
  readonly batchSize: number
  readonly seed: number
}

/** How often a picture is seen as it is, not changed. */
const plainShare = 0.4
/** Share of a picture's cells that are blanked, so that no single one is relied on. */
const blankShare = 0.1

/** Share of the words of a caption that are left out, from four words on. */
const forgetShare = 0.1
const leastTokens = 6

/** The same step always gives the same batch, views and blanked cells included. */
export function createFeatureBatches(options: BatchOptions): BatchSource<ContrastiveBatch> {
  const { dataset, features, tokenizer, seed } = options
  const { items, captions, meanings } = dataset
  const counts = items.map((item) => item.captions.length)
  const sampler = createPairSampler(counts, options.batchSize, seed)
  const texts = createTokenTexts(
    captions.map(({ text }) => text),
    tokenizer,
    contextLength,
  )
  return {
    batchesPerEpoch: sampler.batchesPerEpoch,
    batchSize: sampler.batchSize,
    ahead: 1,
    async batchAt(step) {
      const picks = sampler.picksAt(step)
      const rows = picks.captions.map((choice, i) => items[picks.items[i]!]!.captions[choice]!)
      return {
        size: picks.items.length,
        image: readFeatures(features, items, picks.items, seed, picks.epoch),
        text: forgetWords(texts(rows), seed, step),
        groups: BigInt64Array.from(rows, (row) => BigInt(meanings.ofCaptions[row]!)),
        viewGroups: BigInt64Array.from(picks.items, (item) => BigInt(meanings.ofItems[item]!)),
      }
    },
  }
}

/**
 * Leaves some words of longer captions out, so that no single one is relied on: held-out names are
 * made of other words. The mask does it, as the tower takes the mean over what is not masked.
 */
function forgetWords(texts: BatchPart, seed: number, step: number): BatchPart {
  return async (start, count) => {
    const inputs = await texts(start, count)
    const mask = inputs['attention_mask']!.data as BigInt64Array
    const length = mask.length / count
    for (let i = 0; i < count; i++) {
      const own = mask.subarray(i * length, (i + 1) * length)
      const tokens = own.reduce((sum, value) => sum + Number(value), 0)
      if (tokens < leastTokens) continue
      const random = createRandom(seed, wordStream, step, start + i)
      // The first and the last token are the start and the end of the text.
      for (let at = 1; at < tokens - 1; at++) if (random.next() < forgetShare) own[at] = 0n
    }
    return inputs
  }
}

function readFeatures(
  features: FeatureReader,
  items: Dataset['items'],
  picked: Int32Array,
  seed: number,
  epoch: number,
): BatchPart {
  return (start, count) => {
    const data = new Float32Array(count * mergedLength)
    for (let i = 0; i < count; i++) {
      const item = picked[start + i]!
      const random = createRandom(seed, viewStream, epoch, item)
      const view = random.next() < plainShare ? 0 : 1 + random.integer(viewCount - 1)
      features.read(items[item]!.feature, view, data, i * mergedLength)
      for (let cell = 0; cell < mergedCells; cell++) {
        if (random.next() >= blankShare) continue
        const at = i * mergedLength + cell * featureChannels
        data.fill(0, at, at + featureChannels)
      }
    }
    return {
      features: { type: 'float32', dims: [count, mergedCells, featureChannels], data },
    }
  }
}

const viewStream = 17
const wordStream = 19
