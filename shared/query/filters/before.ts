/** `before:` photos taken earlier than a day. */
import { type DateValue, parseDate } from './dates.js'
import type { FilterKind } from './filterKind.js'

export const before: FilterKind<DateValue> = {
  name: 'before',
  description: 'taken earlier',
  example: '2024-05-03',
  values: 'library',
  parse: parseDate,
}
