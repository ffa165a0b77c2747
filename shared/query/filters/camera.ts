/** `camera:` photos that a camera has taken. */
import { type FilterKind, parseText } from './filterKind.js'

export const camera: FilterKind = {
  name: 'camera',
  description: 'taken by a camera with this in its name',
  example: 'nikon',
  values: 'library',
  parse: parseText,
}
