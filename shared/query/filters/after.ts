/** `after:` photos taken on a day or later. */
import { type DateValue, parseDate } from './dates.js'
import type { FilterKind } from './filterKind.js'

export const after: FilterKind<DateValue> = {
  name: 'after',
  description: 'taken then or later',
  example: '2024-05',
  values: 'library',
  parse: parseDate,
}
