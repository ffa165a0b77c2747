/** Decodes a picture with its transparency, as the decoder itself gives none. */
import { readFile } from 'node:fs/promises'
import { decodeImage } from '../../../main/platform/images/decodeImage.js'
import type { Picture } from '../corpus/picture.js'

/** `[size, size, 4]`, red, green, blue and opacity, 0 to 255. */
export interface CutOut {
  readonly size: number
  readonly data: Uint8Array
}

/**
 * Decodes `image` to a square, its sides stretched as the starter's preprocessing does.
 *
 * Drawn on white and on black, a pixel differs by what shines through it: that is its opacity.
 *
 * @throws AppError IMAGE_UNREADABLE
 */
export async function decodeCutOut(image: Picture['image'], size: number): Promise<CutOut> {
  const bytes = 'svg' in image ? Buffer.from(image.svg) : await readFile(image.path)
  const shape = { width: size, height: size, fit: 'fill', kernel: 'lanczos3' } as const
  const white = await decodeImage(bytes, { ...shape, background: [255, 255, 255] })
  const black = await decodeImage(bytes, { ...shape, background: [0, 0, 0] })
  const data = new Uint8Array(size * size * 4)
  for (let i = 0; i < size * size; i++) {
    let light = 0
    for (let c = 0; c < 3; c++) light += white.data[3 * i + c]! - black.data[3 * i + c]!
    const alpha = Math.min(255, Math.max(0, 255 - Math.round(light / 3)))
    for (let c = 0; c < 3; c++) {
      data[4 * i + c] = alpha === 0 ? 0 : Math.min(255, (black.data[3 * i + c]! * 255) / alpha)
    }
    data[4 * i + 3] = alpha
  }
  return { size, data }
}
