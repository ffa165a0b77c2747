/** Moves the vectors of words for things towards those of their kinds. */

import type { WordVectors } from './embeddings.js'
import type { WordNet } from './wordNet.js'

/** The part of a thing's vector that is its kinds'. */
const kindShare = 0.4
/** Each further kind counts this much of the one below it. */
const fading = 0.7
const mostKinds = 4
/** Ancestors in WordNet above which everything is an "object", an "artifact" or an "entity". */
const generalEnd = 6

/**
 * [Note: a magpie is a bird]
 * Newspapers, from which the vectors are, tell what is written about together, and little of what looks
 * alike: "magpie" lies near football clubs. What it is a kind of says what a picture of it is like
 * (retrofitting, Faruqui et al. 2015, with hypernyms alone). It must be so from the start of the
 * training: towers that know other vectors gain nothing.
 *
 * @returns the same words; vectors of length 1
 */
export function mixKinds(
  vectors: WordVectors,
  wordNet: Pick<WordNet, 'hypernyms' | 'isThing'>,
): WordVectors {
  const mixed = new Map<string, Float32Array | undefined>()
  const mix = (word: string): Float32Array | undefined => {
    const own = vectors.vectorOf(word)
    if (own === undefined || !wordNet.isThing(word)) return own
    const kinds = kindsOf(word, wordNet).flatMap((kind) => phraseVector(kind, vectors) ?? [])
    if (kinds.length === 0) return own
    const above = weightedSum(kinds.slice(0, mostKinds).map((v, i) => [v, fading ** i]))
    return weightedSum([
      [own, 1 - kindShare],
      [above, kindShare],
    ])
  }
  return {
    ...vectors,
    vectorOf(word) {
      if (!mixed.has(word)) mixed.set(word, mix(word))
      return mixed.get(word)
    },
  }
}

/** Nearest first; none for what is commonest as something else than a thing. */
function kindsOf(word: string, wordNet: Pick<WordNet, 'hypernyms'>): string[] {
  const ancestors = wordNet.hypernyms(word)
  if (!ancestors.includes('physical entity')) return []
  return ancestors.slice(0, Math.max(0, ancestors.length - generalEnd))
}

/** Of all its words; undefined if none is known. */
function phraseVector(phrase: string, vectors: WordVectors): Float32Array | undefined {
  const known = phrase.split(/[ -]/).flatMap((word) => vectors.vectorOf(word) ?? [])
  return known.length === 0 ? undefined : weightedSum(known.map((vector) => [vector, 1]))
}

/** Brought to length 1. */
function weightedSum(parts: readonly (readonly [vector: Float32Array, weight: number])[]) {
  const sum = new Float32Array(parts[0]![0].length)
  for (const [vector, weight] of parts) {
    for (let i = 0; i < sum.length; i++) sum[i]! += weight * vector[i]!
  }
  const norm = Math.hypot(...sum) || 1
  return sum.map((value) => value / norm)
}
