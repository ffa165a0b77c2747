/** The pictures that are trained on, with their captions and where their features lie. */
import { splitWords } from '../../../main/ml/clip/tokenizer/splitWords.js'
import { type Caption, writeCaptions } from '../corpus/captions.js'
import type { Picture } from '../corpus/picture.js'
import type { PixelFacts } from '../features/computeFeatures.js'
import type { WordNet } from '../words/wordNet.js'

export interface TrainingItem {
  /** Number of the picture in the feature store. */
  readonly feature: number
  /** Numbers in `captions`, repeated by weight. */
  readonly captions: readonly number[]
}

export interface Dataset {
  readonly items: readonly TrainingItem[]
  /** The distinct captions. */
  readonly captions: readonly Caption[]
}

/**
 * Stamps come twice in every pass: many of them are cut out of photographs, of which there is
 * little else here, and photographs are what people search.
 *
 * @param features pictures in the store's order; `isTraining` tells which of them are trained on
 */
export function buildDataset(
  pictures: readonly Picture[],
  facts: readonly PixelFacts[],
  isTraining: (index: number) => boolean,
  wordNet: Pick<WordNet, 'hypernyms'>,
): Dataset {
  const numbers = new Map<string, number>()
  const captions: Caption[] = []
  const numberOf = (caption: Caption): number => {
    const key = `${caption.meaning}\n${caption.text}`
    const known = numbers.get(key)
    if (known !== undefined) return known
    numbers.set(key, captions.length)
    return captions.push(caption) - 1
  }
  const items = pictures.flatMap((picture, feature): TrainingItem[] => {
    const pixel = facts[feature]
    if (pixel === null || pixel === undefined || !isTraining(feature)) return []
    const written = writeCaptions(picture, pixel.colour, wordNet)
    const usable = written.filter(({ text }) => splitWords(text).length > 0)
    const item = { feature, captions: usable.map(numberOf) }
    return picture.collection === 'stamps' ? [item, item] : [item]
  })
  return { items, captions }
}
