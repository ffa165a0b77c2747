/** `name:` photos whose file's name holds a text. */
import { type FilterKind, parseText } from './filterKind.js'

export const name: FilterKind = {
  name: 'name',
  description: 'with this in the name of the file; * stands for anything',
  example: 'IMG_*.png',
  values: 'library',
  parse: parseText,
}
