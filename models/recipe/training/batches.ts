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
import type { FeatureReader } from '../features/featureStore.js'
import type { Dataset } from './dataset.js'
import { showPictures } from './showPictures.js'

export interface BatchOptions {
  readonly dataset: Dataset
  readonly features: FeatureReader
  readonly tokenizer: Tokenizer
  readonly batchSize: number
  /** How often a picture is mixed with another of the same concept. */
  readonly mixShare: number
  readonly seed: number
}

/**
 * Tokens that captions are cut to, of which one in a hundred has more: every batch would be padded to
 * the longest of its 256. Longer questions are understood as well, as positions mean little.
 */
const longestTrained = 12
/** Share of the words of a caption that are left out, from four words on. */
const forgetShare = 0.1
const leastTokens = 6

/** The same step always gives the same batch, views and blanked cells included. */
export function createFeatureBatches(options: BatchOptions): BatchSource<ContrastiveBatch> {
  const { dataset, features, tokenizer, mixShare, seed } = options
  const { items, captions, meanings } = dataset
  const counts = items.map((item) => item.captions.length)
  const sampler = createPairSampler(counts, options.batchSize, seed)
  const texts = createTokenTexts(
    captions.map(({ text }) => text),
    tokenizer,
    longestTrained,
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
        image: showPictures({
          features,
          items,
          picked: picks.items,
          mixShare,
          seed,
          epoch: picks.epoch,
        }),
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

const wordStream = 19
