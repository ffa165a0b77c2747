/** Batches in which each picture is seen twice, and those that have captions also meet one. */
import type { TrainingSpec } from '../../../../shared/domain/training.js'
import { AppError } from '../../../../shared/errors.js'
import type { BatchSource } from '../batchSource.js'
import { linkGroups } from '../sampling/groups.js'
import { createOrder } from '../sampling/orders/table.js'
import { createPairSampler, fitBatchSize, type PairSampler } from '../sampling/pairSampler.js'
import type { ContrastiveBatch } from '../step/contrastiveBatch.js'
import type { CaptionTable } from './captionTable.js'
import type { ImageInputs, TextInputs } from './towerInputs.js'

export interface ViewBatchesOptions {
  readonly captions: CaptionTable
  readonly images: ImageInputs
  /** Null where words are not read. */
  readonly texts: TextInputs | null
  readonly batchSize: number
  readonly sampling: TrainingSpec['sampling']
  readonly seed: number
  readonly ahead: number
}

/** Of few captioned pictures a batch takes at least so many, as two tell a text encoder nothing. */
const leastPairs = 8

/**
 * The image rows of a batch are the first views of its pictures, captioned ones first, and then the
 * second views in the same order. Captioned pictures and others each have their passes over the
 * data, in shares of the batch by their numbers.
 */
export function createViewBatches(options: ViewBatchesOptions): BatchSource<ContrastiveBatch> {
  const { captions, images, texts, ahead } = options
  const { labels, ofItem } = captions
  const { worded, wordless } = partItems(ofItem, texts !== null)
  checkNumbers(worded.length, wordless.length, texts !== null)
  const size = fitBatchSize(options.batchSize, worded.length + wordless.length)
  const pairs = texts === null ? 0 : pairsInBatch(size, worded.length, wordless.length)
  const samplers = [
    { items: worded, sampler: openSampler(worded, pairs, options) },
    { items: wordless, sampler: openSampler(wordless, size - pairs, options) },
  ]
  return {
    batchesPerEpoch: Math.max(...samplers.map(({ sampler }) => sampler?.batchesPerEpoch ?? 0)),
    batchSize: size,
    ahead,
    async batchAt(step) {
      const picks = samplers.map(({ items, sampler }) => pickItems(items, sampler, step))
      const items = Int32Array.from(picks.flatMap((picked) => [...picked.items]))
      const rows = Int32Array.from(picks[0]!.captions, (choice, i) => ofItem[items[i]!]![choice]!)
      const meanings = rows.map((row) => captions.meaning[row]!)
      const ownLabels = items.map((item) => labels[item]!)
      const count = items.length
      const twice = Int32Array.from({ length: 2 * count }, (_, i) => items[i % count]!)
      const views = Uint8Array.from(twice, (_, i) => (i < count ? 0 : 1))
      const pairLabels = ownLabels.slice(0, rows.length)
      return {
        size: count,
        rows: { image: 2 * count, text: rows.length },
        // A step of its own for an epoch: views are never the same again.
        image: await images(twice, step, views),
        text: texts === null ? () => ({}) : texts(rows),
        groups: BigInt64Array.from(linkGroups(rows.length, [meanings, pairLabels]), BigInt),
        viewGroups: BigInt64Array.from(linkGroups(count, [ownLabels]), BigInt),
      }
    },
  }
}

/** Items with captions to read, and the others. A single other one would have nothing to differ from. */
function partItems(ofItem: CaptionTable['ofItem'], readsTexts: boolean) {
  const isWorded = (item: number) => readsTexts && ofItem[item]!.length > 0
  const all = ofItem.map((_, item) => item)
  const wordless = all.filter((item) => !isWorded(item))
  return { worded: all.filter(isWorded), wordless: wordless.length < 2 ? [] : wordless }
}

function checkNumbers(worded: number, wordless: number, readsTexts: boolean): void {
  if (readsTexts ? worded >= 2 : wordless >= 2) return
  throw new AppError('INVALID_ARGUMENT', {
    argument: 'pairs',
    problem: `at least two readable pictures${readsTexts ? ' with words' : ''} are needed to train`,
  })
}

/** How many pictures of a batch have captions. */
function pairsInBatch(size: number, worded: number, wordless: number): number {
  if (wordless === 0) return size
  const share = Math.round((size * worded) / (worded + wordless))
  return Math.min(Math.max(share, leastPairs), worded, size - 2)
}

function openSampler(
  items: readonly number[],
  batchSize: number,
  { captions, sampling, seed }: ViewBatchesOptions,
): PairSampler | null {
  if (batchSize === 0) return null
  const counts = items.map((item) => Math.max(1, captions.ofItem[item]!.length))
  const labels = Int32Array.from(items, (item) => captions.labels[item]!)
  const fitted = fitBatchSize(batchSize, items.length)
  const order = createOrder({
    sampling,
    labels,
    batchSize: fitted,
    seed,
    neighboursAt: () => null,
  })
  return createPairSampler(counts, fitted, seed, order)
}

function pickItems(items: readonly number[], sampler: PairSampler | null, step: number) {
  const picks = sampler?.picksAt(step)
  return {
    items: Int32Array.from(picks?.items ?? [], (item) => items[item]!),
    captions: picks?.captions ?? new Int32Array(),
  }
}
