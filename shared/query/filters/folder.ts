/** `folder:` photos in folders of a name, or of several names below one another. */
import { type FilterKind, parseText } from './filterKind.js'

export const folder: FilterKind = {
  name: 'folder',
  description: 'in a folder whose name begins so; with / at its end, in the folder of that name',
  example: 'Holidays/2024',
  values: 'library',
  parse: parseText,
}
