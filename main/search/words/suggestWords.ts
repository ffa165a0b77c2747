/** Ranks words for a photo, and leaves those that chance would not bring so high. */
import type { WordSuggestion } from '../../../shared/domain/photo.js'

export interface WordCandidate extends Pick<WordSuggestion, 'text' | 'kind' | 'origin'> {
  /** [dim], of length 1. */
  readonly embedding: Float32Array
}

export interface PhotoMeaning {
  /** [dim], of length 1. */
  readonly embedding: Float32Array
  /** The mean over photos of the library; null where there are too few. */
  readonly usual: Float32Array | null
  /** Words that it has already. */
  readonly has: readonly string[]
}

/*
 * [Note: words by chance]
 * Cosines differ from model to model, so a word is judged by its standing among all words for this
 * photo: how many standard deviations it lies above their mean. Of n words that do not fit, the
 * best stands below z with the probability P(z)^n, P being the normal distribution; that is the
 * relevance. Some words are near every photo of a library: half of what a word has in common with
 * the library's mean photo is taken off first.
 */

/** Less is no better than chance. */
const leastRelevance = 0.1
const usualShare = 0.5
/** Words nearer to each other than this share of the way from the usual to 1 are synonyms. */
const synonymShare = 0.6
/** Words that the usual nearness of words is measured on. */
const wordsCompared = 200

/** The most relevant first; of words that mean nearly the same, the best. */
export function suggestWords(
  photo: PhotoMeaning,
  candidates: readonly WordCandidate[],
  limit: number,
): WordSuggestion[] {
  const standings = standingsOf(photo, candidates)
  const counts = { own: 0, vocabulary: 0 }
  for (const { origin } of candidates) counts[origin]++
  const ranked = candidates
    .map((candidate, i) => ({
      ...candidate,
      relevance: normalBelow(standings[i]!) ** counts[candidate.origin],
    }))
    .filter(({ relevance }) => relevance >= leastRelevance)
    .sort((a, b) => b.relevance - a.relevance)
  const near = usualNearness(candidates)
  const chosen: typeof ranked = []
  const stems = new Set(photo.has.map(stemOf))
  for (const word of ranked) {
    if (chosen.length >= limit) break
    if (stems.has(stemOf(word.text))) continue
    if (chosen.some((other) => dot(other.embedding, word.embedding) > near)) continue
    stems.add(stemOf(word.text))
    chosen.push(word)
  }
  return chosen.map(({ embedding: _, ...suggestion }) => suggestion)
}

/** Of each candidate, in standard deviations above the mean of all. */
function standingsOf(
  { embedding, usual }: PhotoMeaning,
  candidates: readonly WordCandidate[],
): Float64Array {
  const scores = Float64Array.from(candidates, (word) => {
    const common = usual === null ? 0 : dot(usual, word.embedding)
    return dot(embedding, word.embedding) - usualShare * common
  })
  const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length
  const squares = scores.reduce((sum, score) => sum + (score - mean) ** 2, 0)
  const deviation = Math.sqrt(squares / scores.length) || 1
  return scores.map((score) => (score - mean) / deviation)
}

/** The cosine above which two words count as one. */
function usualNearness(candidates: readonly WordCandidate[]): number {
  const step = Math.max(1, Math.floor(candidates.length / wordsCompared))
  const some = candidates.filter((_, i) => i % step === 0)
  const cosines = some.slice(1).map((word, i) => dot(word.embedding, some[i]!.embedding))
  const mean = cosines.reduce((sum, cosine) => sum + cosine, 0) / Math.max(1, cosines.length)
  return mean + synonymShare * (1 - mean)
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let k = 0; k < a.length; k++) sum += a[k]! * b[k]!
  return sum
}

/** "Apples" and "apple" are one word. */
function stemOf(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .trim()
    .replace(/(?<=\p{L}{2}[^s])e?s$/u, '')
}

/** The normal distribution, to 1e-7 (Abramowitz and Stegun 26.2.17). */
function normalBelow(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z))
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)
  const coefficients = [0.31938153, -0.356563782, 1.781477937, -1.821255978, 1.330274429]
  const above = density * coefficients.reduceRight((sum, c) => t * (c + sum), 0)
  return z >= 0 ? 1 - above : above
}
