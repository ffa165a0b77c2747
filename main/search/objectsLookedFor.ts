/** The things of a query that image encoders may have found in photos. */
import { classesOf } from '../../shared/query/objects/vocabulary.js'
import type { Filter, Term, WordsTerm } from '../../shared/query/query.js'
import type { WantedObject } from '../storage/repositories/objects.js'
import { emptyWords } from './wordsLookedFor.js'

export interface ObjectQuery {
  readonly wanted: readonly WantedObject[]
  readonly unwanted: readonly string[]
  /** Whether the things are all that is looked for: "two dogs", but not "two dogs in the snow". */
  readonly isAll: boolean
}

/** Names of classes have so many words at most. */
const longestName = 3
/** Words that tell how many there are at least. */
const numbers: Readonly<Record<string, number>> = {
  ...{ one: 1, two: 2, three: 3, four: 4, five: 5, six: 6, seven: 7, eight: 8, nine: 9, ten: 10 },
  ...{ pair: 2, couple: 2, few: 2, several: 3, many: 3, group: 3 },
}
/** A larger number is a year, or the name of something. */
const mostCounted = 99
/** A colour as often as a thing: a thing where nothing follows it. */
const colours: ReadonlySet<string> = new Set(['orange'])

/**
 * Null where no word of the query names a thing.
 *
 * @param known the classes that were found in the library
 */
export function objectsLookedFor(
  terms: readonly Term[],
  known: ReadonlySet<string>,
): ObjectQuery | null {
  const words = terms.filter((term): term is WordsTerm => term.kind === 'words')
  const positive = words.filter(({ weight }) => weight > 0).map((term) => readThings(term, known))
  const wanted = positive.flatMap(({ things }) => things)
  if (wanted.length === 0) return null
  const negative = words.filter(({ weight }) => weight < 0).map((term) => readThings(term, known))
  return {
    wanted,
    unwanted: negative
      .filter(({ isAll }) => isAll)
      .flatMap(({ things }) => things.flatMap(({ names }) => names)),
    isAll: positive.every(({ isAll }) => isAll) && words.length === terms.length,
  }
}

/** The classes that filters ask for, to tell why a photo is there. */
export function objectsFilteredBy(filters: readonly Filter[]): string[] {
  return filters.flatMap((filter) =>
    filter.name === 'object' && !filter.negated ? filter.values.flatMap(({ names }) => names) : [],
  )
}

function readThings({ text }: WordsTerm, known: ReadonlySet<string>) {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
  const things: WantedObject[] = []
  let isAll = true
  let amount = 1
  for (let at = 0; at < words.length; ) {
    const word = words[at]!
    const found = readThing(words, at, known)
    if (found !== null) {
      things.push({ names: found.names, amount })
      amount = 1
    } else {
      const number = readNumber(word)
      if (number !== null) amount = number
      else if (!emptyWords.has(word)) isAll = false
    }
    at += found?.length ?? 1
  }
  return { things, isAll: isAll && things.length > 0 }
}

function readNumber(word: string): number | null {
  if (Object.hasOwn(numbers, word)) return numbers[word]!
  const number = /^\d+$/.test(word) ? Number(word) : 0
  return number >= 1 && number <= mostCounted ? number : null
}

/** The longest name of a thing that begins at a word. */
function readThing(words: readonly string[], at: number, known: ReadonlySet<string>) {
  for (let length = Math.min(longestName, words.length - at); length > 0; length--) {
    const phrase = words.slice(at, at + length).join(' ')
    if (colours.has(phrase) && at + length < words.length) continue
    const names = classesOf(phrase).filter((name) => known.has(name))
    if (names.length > 0) return { names, length }
  }
  return null
}
