/** The held-out figures: plain names asked for among pictures that were never trained on. */
import { evaluateRetrieval } from '../../../main/ml/training/metrics/retrieval.js'
import type { RetrievalMetrics } from '../../../shared/domain/training.js'
import type { Picture } from '../corpus/picture.js'
import { languageNames, languages, type Translation } from '../corpus/translations.js'
import type { Part } from '../split/assignParts.js'

/** Questions and the gallery that they are asked of, as numbers of pictures. */
export interface HeldOutSet {
  readonly key: string
  readonly title: string
  readonly queries: readonly number[]
  readonly gallery: readonly number[]
  /** Asks by the names in this language; English where there is none. */
  readonly language?: Translation['language']
}

/** @param parts of the pictures, by number */
export function listHeldOutSets(
  pictures: readonly Picture[],
  parts: readonly Part[],
): HeldOutSet[] {
  const numbersOf = (...wanted: readonly Part[]) =>
    parts.flatMap((part, i) => (wanted.includes(part) ? [i] : []))
  const vendor = numbersOf('vendor', 'concept')
  const concepts = numbersOf('concept')
  const stamps = numbersOf('stamp')
  const allStamps = pictures.flatMap((p, i) => (p.collection === 'stamps' ? [i] : []))
  return [
    { key: 'vendor', title: 'unseen vendor', queries: vendor, gallery: vendor },
    {
      key: 'vendorSeen',
      title: 'unseen vendor, only concepts that training shows',
      queries: numbersOf('vendor'),
      gallery: vendor,
    },
    { key: 'concepts', title: 'unseen concepts', queries: concepts, gallery: concepts },
    {
      key: 'conceptsInVendor',
      title: 'unseen concepts among the whole vendor',
      queries: concepts,
      gallery: vendor,
    },
    { key: 'stamps', title: 'held-out stamps', queries: stamps, gallery: stamps },
    {
      key: 'stampsInAll',
      title: 'held-out stamps among all stamps',
      queries: stamps,
      gallery: allStamps,
    },
  ]
}

/** The unseen vendor once more, asked for by its names in each of the other languages. */
export function listLanguageSets(
  pictures: readonly Picture[],
  parts: readonly Part[],
): HeldOutSet[] {
  const vendor = parts.flatMap((part, i) => (part === 'vendor' || part === 'concept' ? [i] : []))
  return languages.map((language) => ({
    key: `vendor-${language}`,
    title: `unseen vendor, asked in ${languageNames[language]}`,
    queries: vendor.filter((i) => (nameIn(pictures[i]!, language) ?? '') !== ''),
    gallery: vendor,
    language,
  }))
}

/** The probe photographs, each asked for by its caption. */
export function probeSet(numbers: readonly number[]): HeldOutSet {
  const title = 'photographs captioned by hand'
  return { key: 'photographs', title, queries: numbers, gallery: numbers }
}

/** Embeds pictures by number, or texts; rows `[count, dim]`, of any length. */
export interface Embedders {
  readonly dim: number
  readonly pictures: (numbers: readonly number[]) => Promise<Float32Array>
  readonly texts: (texts: readonly string[]) => Promise<Float32Array>
}

function nameIn(picture: Picture, language: HeldOutSet['language']): string | undefined {
  if (language === undefined) return picture.name
  return picture.translations?.find((translation) => translation.language === language)?.name
}

/** Text to picture, one plain name for each picture; pictures of one name are all right. */
export async function measureHeldOut(
  { queries, gallery, language }: HeldOutSet,
  pictures: readonly Picture[],
  { dim, pictures: embedPictures, texts: embedTexts }: Embedders,
): Promise<RetrievalMetrics> {
  const names = [...new Set(queries.map((i) => nameIn(pictures[i]!, language)!))]
  const rowOfName = new Map(names.map((name, row) => [name, row]))
  const relevance = gallery.map((i) => {
    const row = rowOfName.get(nameIn(pictures[i]!, language) ?? '')
    return row === undefined ? [] : [row]
  })
  const report = await evaluateRetrieval(
    { rows: gallery.length, dim, data: await embedPictures(gallery) },
    { rows: names.length, dim, data: await embedTexts(names) },
    relevance,
  )
  return report.textToImage
}
