/** `tag:` photos that bear a tag. */
import { type FilterKind, parseText } from './filterKind.js'

export const tag: FilterKind = {
  name: 'tag',
  description: 'with this tag; * stands for anything',
  example: 'family',
  values: 'library',
  parse: parseText,
}
