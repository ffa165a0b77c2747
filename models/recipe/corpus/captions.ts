/** Writes the captions that a picture is trained with, and tells which of them mean the same. */
import type { WordNet } from '../words/wordNet.js'
import type { Picture } from './picture.js'

export interface Caption {
  readonly text: string
  /** Captions with one key are positives of one another's pictures. */
  readonly meaning: string
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

/**
 * About 30 captions for one picture, some of them repeated: how often a caption stands in the list
 * is how often it is trained on. Roughly two fifths name the thing, a quarter put its name into a
 * sentence, a fifth are words that go with it, the rest say what kind of thing it is.
 */
export function writeCaptions(
  picture: Picture,
  colour: string | null,
  wordNet: Pick<WordNet, 'hypernyms'>,
): Caption[] {
  const { name, concept, aliases, keywords } = picture
  const own = (text: string): Caption => ({ text, meaning: `concept ${concept}` })
  const start = hashText(picture.id)
  const kinds = kindsOf(picture, wordNet)
  const captions = [
    ...repeat(own(name), 8),
    ...aliases.slice(0, 4).map(own),
    ...pick(templates, 7, start).map((t) =>
      own(fill(t, withArticle(pickOne([name, ...aliases], start, t)))),
    ),
    ...pick(kinds, 2, start).map((kind) => own(`${name}, ${kind}`)),
    ...pick(keywords, 6, start).map(general),
    ...pairs(pick(keywords, 4, start + 1)).map((text) => own(text)),
    ...pick(kinds, 4, start).map(general),
    ...pick(kinds, 1, start + 1).map((kind) => ({
      ...general(kind),
      text: fill(templates[start % 5]!, kind),
    })),
  ]
  if (colour === null || name.includes(colour)) return captions
  const noun = lastWord(name)
  return [
    ...captions,
    own(`${colour} ${name}`),
    general(`${colour} ${noun}`),
    general(`a ${colour} ${noun}`),
  ]
}

/** Phrases for the kind, with the nearer ancestors of the name in WordNet. */
function kindsOf({ name, kinds }: Picture, wordNet: Pick<WordNet, 'hypernyms'>): string[] {
  const ancestors = wordNet.hypernyms(name)
  if (!ancestors.includes('physical entity')) return [...kinds]
  const near = ancestors.slice(0, Math.max(0, ancestors.length - generalEnd))
  const phrases = near.slice(0, hypernymLimit).map(withArticle)
  return [...new Set([...kinds, ...phrases])]
}

/** A caption that names no single concept; articles make no difference to its meaning. */
function general(text: string): Caption {
  return { text, meaning: `words ${text.replace(/^(an?|the) /, '')}` }
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
