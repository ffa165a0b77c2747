/** What models are measured on: pictures that all of them can read, and their texts. */
import type { TrainingPair } from '../../../../shared/domain/training.js'
import { createUnionFind } from '../../../platform/unionFind.js'
import { type DistinctTexts, distinctTexts } from './distinctTexts.js'

export interface MeasuredSet extends DistinctTexts {
  readonly items: readonly TrainingPair[]
  /** Per picture and per text a number that linked ones share. */
  readonly clusters: { readonly images: Int32Array; readonly texts: Int32Array }
}

/** @param groupOf number of a picture's group of linked ones; without it each is its own */
export function createMeasuredSet(
  items: readonly TrainingPair[],
  groupOf: (image: string) => number | undefined,
): MeasuredSet {
  const { texts, textsOfImage } = distinctTexts(items)
  const images = Int32Array.from(items, ({ image }, row) => groupOf(image) ?? -1 - row)
  return {
    items,
    texts,
    textsOfImage,
    clusters: { images, texts: linkTexts({ texts, textsOfImage }, images) },
  }
}

/** Texts of linked pictures are linked, also through others. */
function linkTexts({ texts, textsOfImage }: DistinctTexts, groups: Int32Array): Int32Array {
  const links = createUnionFind(texts.length)
  const firstOf = new Map<number, number>()
  textsOfImage.forEach((rows, image) => {
    for (const text of rows) {
      const first = firstOf.get(groups[image]!) ?? text
      firstOf.set(groups[image]!, first)
      links.union(first, text)
    }
  })
  return links.groups()
}
