/** Packs long columns of whole numbers for clients, as shared/domain/packed.ts reads them. */
import { endianness } from 'node:os'
import type { Packed } from '../../shared/domain/packed.js'

export function packNumbers(numbers: Uint32Array): Packed {
  let most = 0
  for (let at = 0; at < numbers.length; at++) if (numbers[at]! > most) most = numbers[at]!
  return most < 65_536 ? packed(new Uint16Array(numbers)) : packed(numbers)
}

/** The numbers of a column at some places. */
export function packInOrder(column: Uint32Array, places: Uint32Array): Packed {
  const numbers = new Uint32Array(places.length)
  for (let at = 0; at < numbers.length; at++) numbers[at] = column[places[at]!]!
  return packNumbers(numbers)
}

function packed(numbers: Uint16Array | Uint32Array): Packed {
  const bytes = Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength)
  const width = numbers.BYTES_PER_ELEMENT
  if (endianness() === 'LE') return `${width}${bytes.toString('base64')}` as Packed
  const ordered = Buffer.from(bytes)
  return `${width}${(width === 2 ? ordered.swap16() : ordered.swap32()).toString('base64')}` as Packed
}
