/** Photos in order, as columns of numbers: what a grid needs to lay out 100,000 of them. */

import { unpack } from '../../shared/domain/packed.js'
import type { PhotoColumns } from '../../shared/domain/photo.js'

export interface PhotoList {
  readonly ids: Uint32Array
  /** Width over height, in hundredths. */
  readonly ratios: Uint32Array
  /** Days since 1970. */
  readonly days: Uint32Array
}

export function unpackColumns(columns: PhotoColumns): PhotoList {
  return {
    ids: unpack(columns.ids),
    ratios: unpack(columns.ratios),
    days: unpack(columns.days),
  }
}
