/** The sizes in which photos are kept for the window. */
import type { ThumbnailSize } from '../../platform/images/drawThumbnail.js'

export const thumbnailSizes = {
  /** For the grid: rows of up to 200 pixels on a screen of double density, panoramas included. */
  tile: { width: 1_200, height: 320, quality: 76 },
  /** For one photo on the whole window. */
  preview: { width: 1_920, height: 1_920, quality: 84 },
} as const satisfies Record<string, ThumbnailSize>

export type ThumbnailKind = keyof typeof thumbnailSizes
