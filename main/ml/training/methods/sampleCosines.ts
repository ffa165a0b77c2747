/** The cosines of some training pairs by a model that training starts from. */
import type { TrainingPair } from '../../../../shared/domain/training.js'
import type { PairEmbedder } from '../evaluatePairs.js'
import { pickFeatureRows } from '../features/featureCache.js'
import { mergePairs } from '../sampling/mergePairs.js'
import { buildCaptionTable, type CaptionTable } from '../sources/captionTable.js'
import type { FeatureTable } from '../sources/featureRows.js'
import { type PairCosines, pairCosines } from './pairCosines.js'

/** Pairs that the scalars of a model from elsewhere are fitted on. */
const pairsToFit = 256

export interface CachedFeatures {
  readonly captions: CaptionTable
  readonly image: { readonly table: FeatureTable }
  readonly text: { readonly table: FeatureTable }
}

/** Of pairs whose captions differ in meaning, out of features that are there. */
export function cosinesOf({ captions, image, text }: CachedFeatures): Promise<PairCosines> {
  const itemOf = new Map<number, number>()
  captions.ofItem.forEach(([first], item) => {
    const meaning = captions.meaning[first!]!
    if (itemOf.size < pairsToFit && !itemOf.has(meaning)) itemOf.set(meaning, item)
  })
  const images = Int32Array.from(itemOf.values())
  const texts = images.map((item) => captions.ofItem[item]![0]!)
  return pairCosines(image.table, text.table, { images, texts })
}

/** Of some of the pairs, which are embedded for it. */
export async function sampleCosines(
  pairs: readonly TrainingPair[],
  embedder: PairEmbedder,
): Promise<PairCosines> {
  const worded = mergePairs(pairs).filter(({ captions }) => captions.length > 0)
  const items = worded.slice(0, pairsToFit)
  const images = await embedder.images(items.map(({ image }) => image))
  const unreadable = new Set(images.skipped.map(({ row }) => row))
  const kept = items.flatMap((_, row) => (unreadable.has(row) ? [] : [row]))
  const captions = buildCaptionTable(kept.map((row) => items[row]!))
  const texts = await embedder.texts(captions.texts)
  return cosinesOf({
    captions,
    image: { table: { rowDims: [images.dim], data: pickFeatureRows(images, kept) } },
    text: { table: { rowDims: [texts.dim], data: texts.data } },
  })
}
