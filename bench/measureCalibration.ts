/** How well relevance tells matches from the rest, and "nothing here matches" from a find. */
import { calibrate, relevanceOf } from '../main/search/ranking/calibration.js'
import { composeQuery } from '../main/search/ranking/composedQuery.js'
import { genericPhrases } from '../main/search/ranking/genericPhrases.js'
import { LibraryMeasure } from '../main/search/ranking/libraryMeasure.js'
import { packVectors } from '../main/search/vectors/vectorBatch.js'
import { VectorMatrix } from '../main/search/vectors/vectorMatrix.js'
import type { CaptionedPicture, CaptionedPictures } from './captionedPictures.js'

/** What came of one query. */
export interface Outcome {
  readonly verdict: 'matches' | 'weak' | 'nothing'
  readonly topCosine: number
  readonly topRelevance: number
}

/** A photo under a query, and whether its captions hold the query's words. */
interface JudgedPair {
  readonly cosine: number
  readonly relevance: number
  readonly isMatch: boolean
}

export interface LibraryOutcomes {
  /** Queries whose words stand in captions of the library. */
  readonly present: readonly Outcome[]
  /** The same queries, without the photos that share any word with the matches. */
  readonly absent: readonly Outcome[]
  /** Words of no language, and things that no picture shows. */
  readonly nonsense: readonly Outcome[]
  readonly pairs: readonly JudgedPair[]
}

const nonsense = `flibbertigibbet|xqzt vrrrm|asdfgh|qwertzuiop|blorptang|zzzzz|lorem ipsum dolor
1234567|invoice number 4711|quarterly revenue report|stock market crash|my aunt Elfriede
kubernetes deployment|mitochondria|supreme court ruling|tax return 2019|photosynthesis equation
privacy policy|monetary inflation|the categorical imperative|unit tests|a sonnet about duty
last will and testament|quantum entanglement`.split(/[|\n]/)

/** Non-matching photos of a query that are compared with its matches. */
const comparedPhotos = 50

/** @param limit of the pictures' names, how many are asked for */
export async function measureLibrary(
  { embed, dim }: Pick<CaptionedPictures, 'embed' | 'dim'>,
  pictures: readonly CaptionedPicture[],
  limit: number,
): Promise<LibraryOutcomes> {
  const library = await openLibrary(pictures, dim, await embed(genericPhrases))
  const wordsOf = tellingWords(pictures)
  const names = [...new Set(pictures.map(({ captions }) => captions[0]!))]
  const step = Math.max(1, names.length / limit)
  const asked = names.filter((_, i) => Math.floor(i / step) !== Math.floor((i - 1) / step))
  const present: Outcome[] = []
  const absent: Outcome[] = []
  const pairs: JudgedPair[] = []
  for (const name of asked) {
    const [query] = await embedAll(embed, [name], dim)
    const wanted = toWords(name)
    if (wanted.length === 0) continue
    const isMatch = wordsOf.map((words) => wanted.every((word) => words.has(word)))
    const around = new Set(wordsOf.flatMap((words, i) => (isMatch[i] ? [...words] : [])))
    const isRelated = wordsOf.map((words) => [...words].some((word) => around.has(word)))
    // Of names whose words stand nowhere or nearly everywhere, little is learned.
    const related = isRelated.filter(Boolean).length
    if (!isMatch.includes(true) || related > 0.6 * pictures.length) continue
    const answer = library.ask(query!, () => false)
    present.push(answer.outcome)
    pairs.push(...judge(answer, isMatch, isRelated))
    absent.push(library.ask(query!, (i) => isRelated[i]!).outcome)
  }
  const senseless = await embedAll(embed, nonsense, dim)
  return {
    present,
    absent,
    nonsense: senseless.map((query) => library.ask(query, () => false).outcome),
    pairs,
  }
}

async function openLibrary(
  pictures: readonly CaptionedPicture[],
  dim: number,
  phrases: Float32Array,
) {
  const matrix = new VectorMatrix(dim)
  matrix.upsert(
    packVectors(
      pictures.map(({ vector }, i) => ({ key: i + 1, vector })),
      dim,
    ),
  )
  const measure = new LibraryMeasure(matrix)
  measure.usePhrases(phrases)
  const ids = Uint32Array.from(pictures, (_, i) => i + 1)
  return {
    ask(vector: Float32Array, leaveOut: (index: number) => boolean) {
      const query = composeQuery([{ kind: 'text', vector, weight: 1 }])
      const similarities = measure.compare(query, ids)
      const { own } = similarities.wanted
      for (let i = 0; i < own.length; i++) if (leaveOut(i)) own[i] = Number.NaN
      const { standings, order, line, possible } = calibrate(similarities)
      const relevances = standings.map((standing) => relevanceOf(standing, line))
      const topRelevance = relevances[order[0]!]!
      const outcome: Outcome = {
        verdict: topRelevance >= 0.5 ? 'matches' : possible ? 'weak' : 'nothing',
        topCosine: Math.max(...own.filter((cosine) => !Number.isNaN(cosine))),
        topRelevance,
      }
      return { outcome, cosines: own, relevances }
    },
  }
}

function judge(
  { cosines, relevances }: { cosines: Float32Array; relevances: Float32Array },
  isMatch: readonly boolean[],
  isRelated: readonly boolean[],
): JudgedPair[] {
  const others = isRelated.flatMap((related, i) => (related ? [] : [i]))
  const step = Math.max(1, Math.ceil(others.length / comparedPhotos))
  const matches = isMatch.flatMap((match, i) => (match ? [i] : []))
  const pair = (isMatchNow: boolean) => (i: number) => ({
    cosine: cosines[i]!,
    relevance: relevances[i]!,
    isMatch: isMatchNow,
  })
  return [...matches.map(pair(true)), ...others.filter((_, i) => i % step === 0).map(pair(false))]
}

async function embedAll(
  embed: CaptionedPictures['embed'],
  texts: readonly string[],
  dim: number,
): Promise<Float32Array[]> {
  const rows = await embed(texts)
  return texts.map((_, i) => rows.slice(i * dim, (i + 1) * dim))
}

/** The words of each picture's captions, but those that every third picture has. */
function tellingWords(pictures: readonly CaptionedPicture[]): Set<string>[] {
  const all = pictures.map(({ captions }) => new Set(captions.flatMap(toWords)))
  const counts = new Map<string, number>()
  for (const words of all) for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
  const isCommon = (word: string) => counts.get(word)! > pictures.length / 3
  return all.map((words) => new Set([...words].filter((word) => !isCommon(word))))
}

/** Words of three letters and more, without the plural's ending. */
function toWords(text: string): string[] {
  const words = text.toLowerCase().match(/[a-z]{3,}/g) ?? []
  return words
    .filter((word) => !['the', 'and', 'for', 'with', 'from'].includes(word))
    .map((word) => (word.length > 4 ? word.replace(/s$/, '') : word))
}

/** The chance that a value of the one kind lies above one of the other; ties count half. */
export function areaUnderRoc(above: readonly number[], below: readonly number[]): number {
  const all = [
    ...above.map((value) => ({ value, up: true })),
    ...below.map((value) => ({ value, up: false })),
  ]
  all.sort((a, b) => a.value - b.value)
  let sum = 0
  for (let at = 0; at < all.length; ) {
    let end = at
    while (end < all.length && all[end]!.value === all[at]!.value) end++
    const tied = all.slice(at, end).filter(({ up }) => up).length
    sum += tied * ((at + 1 + end) / 2)
    at = end
  }
  return (sum - (above.length * (above.length + 1)) / 2) / (above.length * below.length)
}
