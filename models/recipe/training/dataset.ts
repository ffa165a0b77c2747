/** What is trained on, with its captions and where its features lie. */
import { splitWords } from '../../../main/ml/clip/tokenizer/splitWords.js'
import { type Caption, type Description, describePicture } from '../corpus/captions.js'
import { type Picture, photographed } from '../corpus/picture.js'
import { describeScene } from '../corpus/sceneCaptions.js'
import type { Round } from '../features/computeFeatures.js'
import type { PixelFacts } from '../features/computeGroups.js'
import type { Scene } from '../features/scenes.js'
import type { WordNet } from '../words/wordNet.js'
import { type Meanings, numberMeanings } from './meanings.js'

export interface TrainingItem {
  /** Number in the feature store; scenes come after the pictures, and further views after these. */
  readonly feature: number
  /** Numbers under which further views of it lie. */
  readonly further: readonly number[]
  /** Numbers in `captions`, repeated by weight. */
  readonly captions: readonly number[]
  /** Features of other drawings of the same concept; none of photographs. */
  readonly siblings: readonly number[]
}

export interface Dataset {
  readonly items: readonly TrainingItem[]
  /** The distinct captions. */
  readonly captions: readonly Caption[]
  /** Of captions and items. */
  readonly meanings: Meanings
}

/** How often pictures of a collection come in every pass; others once. */
const repeats: Partial<Record<Picture['collection'], number>> = {
  // Many are cut out of photographs, of which there is little else here, and people search those.
  stamps: 3,
  captioned: 4,
}

export interface DatasetSources {
  /** In the store's order. */
  readonly pictures: readonly Picture[]
  readonly facts: readonly PixelFacts[]
  /** Tells which pictures are trained on, by index. */
  readonly isTraining: (index: number) => boolean
  readonly scenes: readonly Scene[]
  readonly rounds: readonly Round[]
  readonly wordNet: Pick<WordNet, 'hypernyms' | 'synonyms'>
}

export function buildDataset(sources: DatasetSources): Dataset {
  const { pictures, facts, isTraining, scenes, rounds, wordNet } = sources
  const captions: Caption[] = []
  const numbers = new Map<string, number>()
  const numberOf = (caption: Caption): number => {
    const key = `${caption.meaning}\n${caption.text}`
    const known = numbers.get(key)
    if (known !== undefined) return known
    numbers.set(key, captions.length)
    return captions.push(caption) - 1
  }
  const furtherOf = new Map<number, number[]>()
  for (const [i, { picture }] of rounds.entries()) {
    const numbers = furtherOf.get(picture) ?? []
    numbers.push(pictures.length + scenes.length + i)
    furtherOf.set(picture, numbers)
  }
  const items: TrainingItem[] = []
  const meanings: (readonly string[])[] = []
  const add = (
    feature: number,
    description: Description,
    times: number,
    siblings: TrainingItem['siblings'],
  ): void => {
    const usable = description.captions.filter(({ text }) => splitWords(text).length > 0)
    const further = furtherOf.get(feature) ?? []
    const item = { feature, further, captions: usable.map(numberOf), siblings }
    for (let i = 0; i < times; i++) {
      items.push(item)
      meanings.push(description.meanings)
    }
  }
  const shown = pictures.flatMap((picture, feature) => {
    const pixel = facts[feature]
    if (pixel === null || pixel === undefined || !isTraining(feature)) return []
    return [{ feature, picture, colour: pixel.colour }]
  })
  const ofConcept = new Map<string, number[]>()
  for (const { feature, picture } of shown) {
    // What lies between a photograph and a drawing is neither.
    if (photographed.has(picture.collection)) continue
    const known = ofConcept.get(picture.concept)
    if (known === undefined) ofConcept.set(picture.concept, [feature])
    else known.push(feature)
  }
  for (const { feature, picture, colour } of shown) {
    const alike = photographed.has(picture.collection) ? [] : ofConcept.get(picture.concept)!
    const siblings = alike.filter((other) => other !== feature)
    const description = describePicture(picture, colour, wordNet)
    add(feature, description, repeats[picture.collection] ?? 1, siblings)
  }
  for (const [i, scene] of scenes.entries()) {
    add(pictures.length + i, describeScene(scene, pictures, wordNet), 1, [])
  }
  const said = captions.map(({ meaning }) => meaning)
  return { items, captions, meanings: numberMeanings(said, meanings) }
}

/** The dataset with the items of some features alone; captions keep their numbers. */
export function keepItems(
  { items, captions, meanings }: Dataset,
  keeps: (feature: number) => boolean,
): Dataset {
  const kept = items.flatMap(({ feature }, i) => (keeps(feature) ? [i] : []))
  return {
    captions,
    items: kept.map((i) => ({ ...items[i]!, siblings: items[i]!.siblings.filter(keeps) })),
    meanings: { ...meanings, ofItems: Int32Array.from(kept, (i) => meanings.ofItems[i]!) },
  }
}
