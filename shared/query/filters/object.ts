/** `object:` photos in which a thing was found, once or several times. */
import { classesOf } from '../objects/vocabulary.js'
import type { FilterKind, FilterValue } from './filterKind.js'

export interface ObjectValue extends FilterValue {
  /** The classes that count. */
  readonly names: readonly string[]
  readonly comparison: '=' | '>' | '>='
  readonly amount: number
}

const pattern = /^(?:(\d{1,4})\s+)?([^<>=]*[^<>=\s\d][^<>=]*?)(?:\s*(>=|>|=)\s*(\d{1,4}))?$/

export const object: FilterKind<ObjectValue> = {
  name: 'object',
  description: 'in which this was found; several times with dog>=2 or "2 dogs"',
  example: 'dog',
  values: 'library',
  parse: (text) => {
    const found = pattern.exec(text)
    if (found === null) {
      return { problem: `"${text}" is no thing. Write dog, dog>=2, dog=1, or "2 dogs".` }
    }
    const [, first, words, comparison, amount] = found
    return {
      text,
      names: classesOf(words!),
      comparison: (comparison ?? '>=') as ObjectValue['comparison'],
      amount: Number(amount ?? first ?? 1),
    }
  },
}
