/** Vectors for words of other languages, made from those of the English words they go with. */
import { isUnspaced, splitWords } from '../../../main/ml/clip/tokenizer/splitWords.js'
import type { Picture } from '../corpus/picture.js'
import type { Translation } from '../corpus/translations.js'
import type { WordVectors } from './embeddings.js'

/** English words that a foreign word is the mean of. */
const kept = 3
/** Words that share fewer pictures than this part of their own say little of each other. */
const leastShare = 0.08

/**
 * There are no word vectors for other languages here, but pictures that are named in several: a word
 * gets the mean of the English words that stand beside the same pictures, by how often they do so
 * (Dice's coefficient, squared). What goes with everything, such as an article, gets a short vector.
 *
 * Words of the pictures' English names and keywords keep their own vector; other English words give
 * way: "rot" is asked for as a colour in German more than for decay.
 *
 * @returns vectors of length 1 at most
 */
export function buildLexicon(
  pictures: readonly Picture[],
  english: WordVectors,
): Map<string, Float32Array> {
  const concepts = collectConcepts(pictures)
  const own = new Map<string, number>()
  const foreign = new Map<string, { count: number; beside: Map<string, number> }>()
  for (const { words } of concepts) {
    for (const word of words) own.set(word, (own.get(word) ?? 0) + 1)
  }
  for (const { words, translated } of concepts) {
    for (const word of translated) {
      if (own.has(word) || !isWord(word)) continue
      const entry = foreign.get(word) ?? { count: 0, beside: new Map<string, number>() }
      entry.count++
      for (const e of words) entry.beside.set(e, (entry.beside.get(e) ?? 0) + 1)
      foreign.set(word, entry)
    }
  }
  const lexicon = new Map<string, Float32Array>()
  for (const [word, { count, beside }] of foreign) {
    const aligned = [...beside]
      .map(([e, both]) => ({ e, dice: (2 * both) / (count + own.get(e)!) }))
      .filter(({ e, dice }) => dice >= leastShare && english.vectorOf(e) !== undefined)
      .sort((a, b) => b.dice - a.dice)
      .slice(0, kept)
    if (aligned.length > 0) lexicon.set(word, meanVector(aligned, english))
  }
  return lexicon
}

interface Concept {
  readonly words: ReadonlySet<string>
  readonly translated: ReadonlySet<string>
}

/** Each concept once for each language, however many pictures show it. */
function collectConcepts(pictures: readonly Picture[]): Concept[] {
  const concepts = new Map<string, Concept>()
  for (const { concept, name, keywords, translations = [] } of pictures) {
    for (const { language, name: translatedName, keywords: translated } of translations) {
      const key = `${language} ${concept}`
      if (concepts.has(key)) continue
      concepts.set(key, {
        words: wordsOf([name, ...keywords]),
        translated: foreignWordsOf(language, [translatedName, ...translated]),
      })
    }
  }
  return [...concepts.values()]
}

function wordsOf(texts: readonly string[]): Set<string> {
  return new Set(texts.flatMap(splitWords))
}

/** Languages whose words ICU's dictionary tells, as no spaces do. */
const unspacedLanguages: ReadonlySet<string> = new Set(['zh', 'ja'])

/** Their characters count as words too, for words that the dictionary does not know. */
function foreignWordsOf(
  language: Translation['language'],
  texts: readonly string[],
): ReadonlySet<string> {
  if (!unspacedLanguages.has(language)) return wordsOf(texts)
  const segmenter = new Intl.Segmenter(language, { granularity: 'word' })
  const segments = texts.flatMap((text) => [...segmenter.segment(text)])
  const characters = texts.flatMap((text) => text.match(/\p{Script=Han}/gu) ?? [])
  return wordsOf([...segments.map(({ segment }) => segment), ...characters])
}

/** Whether the tokenizer can find it in writing: one script, and more than a letter of it. */
function isWord(text: string): boolean {
  return isUnspaced(text) || (/^\p{L}{2,}$/u.test(text) && ![...text].some(isUnspaced))
}

function meanVector(
  aligned: readonly { readonly e: string; readonly dice: number }[],
  english: WordVectors,
): Float32Array {
  const sum = new Float32Array(english.dimensions)
  for (const { e, dice } of aligned) {
    const vector = english.vectorOf(e)!
    for (let i = 0; i < sum.length; i++) sum[i]! += dice ** 2 * vector[i]!
  }
  const strength = Math.min(1, 3 * aligned[0]!.dice)
  const norm = Math.hypot(...sum) || 1
  return sum.map((value) => (value * strength) / norm)
}

/** The words of both; where they share one, the lexicon's vector. */
export function joinVectors(
  english: WordVectors,
  lexicon: ReadonlyMap<string, Float32Array>,
): WordVectors {
  return {
    words: [...new Set([...english.words, ...lexicon.keys()])],
    dimensions: english.dimensions,
    vectorOf: (word) => lexicon.get(word) ?? english.vectorOf(word),
  }
}
