/** Writes the captions that a picture is trained with, and tells which of them mean the same. */
import { isUnspaced } from '../../../main/ml/clip/tokenizer/splitWords.js'
import type { WordNet } from '../words/wordNet.js'
import type { Picture } from './picture.js'

export interface Caption {
  readonly text: string
  /** What must be true of a picture for the caption to be right. */
  readonly meaning: string
  /** Whether it is in another language than English; absent if not. */
  readonly foreign?: true
}

/** Sentences around a name; the commonest ways in which people ask for pictures. */
const templates = [
  'a photo of {x}',
  'a picture of {x}',
  'an image of {x}',
  'a drawing of {x}',
  'an illustration of {x}',
  'this is {x}',
  'there is {x} in the picture',
  'a picture that shows {x}',
  'an icon of {x}',
  '{x} on a plain background',
]

/** Ancestors in WordNet above which everything is an "object" or an "entity". */
const generalEnd = 7
const hypernymLimit = 3

/** How a picture is described: the captions it is trained with, and all that is true of it. */
export interface Description {
  /** How often a caption stands in the list is how often it is trained on. */
  readonly captions: readonly Caption[]
  /** Every caption with one of these meanings, whosoever it is, is right for the picture. */
  readonly meanings: readonly string[]
}

/**
 * About 40 captions for one picture. Roughly a third name the thing, a quarter put its name into a
 * sentence, a fifth are words that go with it or say what kind of thing it is, and a fifth are in
 * other languages.
 */
export function describePicture(
  picture: Picture,
  colour: string | null,
  wordNet: Pick<WordNet, 'hypernyms' | 'synonyms'>,
): Description {
  const { name, aliases, keywords, translations = [] } = picture
  const start = hashText(picture.id)
  const kinds = kindsOf(picture, wordNet)
  const names = [name, ...aliases]
  const synonyms = wordNet.synonyms(shortest(names)).slice(0, 3)
  const own = (text: string): Caption => ({ text, meaning: meaningOf(name) })
  const colours = colour === null || name.includes(colour) ? [] : coloured(colour, name)
  const foreign = translations.filter(({ name }) => name.length > 1 || isUnspaced(name))
  const captions = [
    ...repeat(plain(name), 8),
    ...aliases.slice(0, 4).map(plain),
    ...synonyms.map(plain),
    ...pick(templates, 7, start).map((t) => {
      const chosen = pickOne(names, start, t)
      return { text: fill(t, withArticle(chosen)), meaning: meaningOf(chosen) }
    }),
    ...pick(kinds, 2, start).map((kind) => own(`${name}, ${kind}`)),
    ...pick(keywords, 6, start).map(plain),
    ...pairs(pick(keywords, 4, start + 1)).map((text) => own(text)),
    ...pick(kinds, 4, start).map(plain),
    ...pick(kinds, 2, start + 1).map((kind, i) => ({
      ...plain(kind),
      text: fill(templates[(start + i) % 5]!, kind),
    })),
    ...colours.map(plain),
    ...colours.slice(0, 1).map(withArticle).map(plain),
    ...foreign.map((translation) => ({ ...own(translation.name), foreign: true }) as const),
    ...pick(foreign, 3, start).flatMap((translation) =>
      pick(translation.keywords, 1, start).map(
        (word) => ({ ...plain(word), foreign: true }) as const,
      ),
    ),
  ]
  const words = foreign.flatMap((translation) => translation.keywords)
  const all = [...names, ...synonyms, ...keywords, ...kinds, ...colours, ...words]
  return { captions, meanings: [...new Set(all.map(meaningOf))] }
}

function coloured(colour: string, name: string): string[] {
  return [...new Set([`${colour} ${name}`, `${colour} ${lastWord(name)}`])]
}

/** Phrases for the kind, with the nearer ancestors of the name in WordNet. */
function kindsOf(picture: Picture, wordNet: Pick<WordNet, 'hypernyms'>): string[] {
  const { name, aliases, kinds } = picture
  const near = [name, shortest([name, ...aliases])].flatMap((known) => {
    const ancestors = wordNet.hypernyms(known)
    if (!ancestors.includes('physical entity')) return []
    return ancestors.slice(0, Math.max(0, ancestors.length - generalEnd)).slice(0, hypernymLimit)
  })
  return [...new Set([...kinds, ...near.map(withArticle)])]
}

function shortest(names: readonly string[]): string {
  return names.reduce((best, other) => (other.length < best.length ? other : best))
}

/** Captions with one meaning are right for the same pictures; articles make no difference. */
export function meaningOf(text: string): string {
  return text.replace(/^(an?|the) /, '')
}

/** A caption that means what it says. */
function plain(text: string): Caption {
  return { text, meaning: meaningOf(text) }
}

/** "an apple", "a car"; plurals and mass nouns keep their form. */
export function withArticle(name: string): string {
  if (/(s|ing)$/.test(name) && !/(ss|us|ring|king|wing)$/.test(name)) return name
  return /^[aeio]/.test(name) ? `an ${name}` : `a ${name}`
}

function fill(template: string, name: string): string {
  return template.replace('{x}', name)
}

function lastWord(name: string): string {
  return name.slice(name.lastIndexOf(' ') + 1)
}

function repeat<T>(value: T, times: number): T[] {
  return Array.from({ length: times }, () => value)
}

/** Up to `count` of the values, which ones depending on `start`. */
function pick<T>(values: readonly T[], count: number, start: number): T[] {
  const size = Math.min(count, values.length)
  return Array.from({ length: size }, (_, i) => values[(start + i) % values.length]!)
}

/** The name more often than an alias. */
function pickOne(names: readonly string[], start: number, template: string): string {
  const turn = (start + template.length) % (names.length + 2)
  return names[turn] ?? names[0]!
}

function pairs(words: readonly string[]): string[] {
  const joined: string[] = []
  for (let i = 0; i + 1 < words.length; i += 2) joined.push(`${words[i]} ${words[i + 1]}`)
  return joined
}

/** A whole number that looks random but is always the same for one text (FNV-1a). */
function hashText(text: string): number {
  let hash = 0x811c9dc5
  for (const character of text) hash = Math.imul(hash ^ character.codePointAt(0)!, 0x01000193)
  return hash >>> 8
}
