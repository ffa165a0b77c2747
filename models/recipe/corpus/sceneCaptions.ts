/** Words for scenes: how many of what, in which colours, in front of what. */

import type { Scene, SceneThing } from '../features/scenes.js'
import type { WordNet } from '../words/wordNet.js'
import { type Description, meaningOf, withArticle } from './captions.js'
import type { Picture } from './picture.js'

/** The shortest of a picture's names. */
export function shortName({ name, aliases }: Pick<Picture, 'name' | 'aliases'>): string {
  return [name, ...aliases].reduce((best, other) => (other.length < best.length ? other : best))
}

/** Whether it is a thing that can stand beside others: it has a body and a short name. */
export function isSceneThing(picture: Picture, wordNet: Pick<WordNet, 'hypernyms'>): boolean {
  const name = shortName(picture)
  return (
    picture.collection !== 'captioned' &&
    !picture.kinds.some((kind) => kind === 'a symbol' || kind === 'a face') &&
    name.split(' ').length <= 2 &&
    !name.endsWith('s') &&
    wordNet.hypernyms(name).includes('physical entity')
  )
}

/** "box" as "boxes"; for the regular nouns that scenes are made of. */
export function plural(name: string): string {
  if (/(fish|sheep|deer)$/.test(name)) return name
  if (/man$/.test(name) && !/(human|german)$/.test(name)) return name.replace(/man$/, 'men')
  if (/(x|ch|sh|z)$/.test(name)) return `${name}es`
  if (/[^aeiou]y$/.test(name)) return name.replace(/y$/, 'ies')
  return `${name}s`
}

/** @param pictures those that the scene's things are numbers of */
export function describeScene(
  { things, ground }: Scene,
  pictures: readonly Picture[],
  wordNet: Pick<WordNet, 'hypernyms'>,
): Description {
  const told = things.map((thing) => phraseOf(thing, pictures[thing.picture]!, true))
  const bare = things.map((thing) => phraseOf(thing, pictures[thing.picture]!, false))
  const whole = told.join(' and ')
  const kinds = kindsTogether(things, pictures)
  const place =
    ground === null ? [] : [`${whole} ${ground.words}`, `${bare.join(' and ')} ${ground.words}`]
  const texts = [
    ...[whole, whole, whole, told.toReversed().join(' and ')],
    ...[bare.join(' and '), bare.toReversed().join(' and ')],
    ...[`a photo of ${whole}`, `a picture of ${whole}`],
    ...place,
    ...place,
    ...told,
    ...kinds,
  ]
  const single = things.flatMap(({ picture }) => {
    const { name, aliases, kinds: own } = pictures[picture]!
    const near = wordNet.hypernyms(shortName(pictures[picture]!)).slice(0, 3)
    return [name, ...aliases, ...own, ...near]
  })
  const captions = texts.map((text) => ({ text, meaning: sceneMeaning(text) }))
  const meanings = [...captions.map(({ meaning }) => meaning), ...single.map(meaningOf)]
  return { captions, meanings: [...new Set(meanings)] }
}

/** The order of two things makes no difference. */
function sceneMeaning(text: string): string {
  const bare = text.replace(/^a (photo|picture) of /, '')
  return bare.split(' and ').map(meaningOf).sort().join(' and ')
}

function phraseOf({ count, colour }: SceneThing, picture: Picture, inColour: boolean): string {
  const name = shortName(picture)
  const isTold = inColour && colour !== null && !name.includes(colour)
  return countedPhrase(isTold ? `${colour} ${name}` : name, count)
}

/** "two animals" of a dog and a cat, "three birds" of three parrots. */
function kindsTogether(things: readonly SceneThing[], pictures: readonly Picture[]): string[] {
  const count = things.reduce((sum, thing) => sum + thing.count, 0)
  if (count < 2) return []
  const [first, ...others] = things.map(({ picture }) => pictures[picture]!.kinds)
  return first!
    .filter((kind) => /^an? [a-z]+$/.test(kind) && others.every((kinds) => kinds.includes(kind)))
    .map((kind) => countedPhrase(meaningOf(kind), count))
}

const numbers = ['no', 'one', 'two', 'three', 'four']

/** "a red car", "two lemons". */
export function countedPhrase(name: string, count: number): string {
  return count === 1 ? withArticle(name) : `${numbers[count] ?? 'many'} ${plural(name)}`
}
