/** `type:` photos of a file format. */
import type { FilterKind } from './filterKind.js'

const otherNames: Readonly<Record<string, string>> = {
  jpg: 'jpeg',
  tif: 'tiff',
  heic: 'heif',
}

export const type: FilterKind = {
  name: 'type',
  description: 'of this file format',
  example: 'png',
  values: 'library',
  parse: (text) => {
    const format = text.toLowerCase().replace(/^\./, '')
    return { text: otherNames[format] ?? format }
  },
}
