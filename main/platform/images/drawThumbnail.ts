/** Draws a small WebP of a picture, upright, in sRGB, transparent where the picture is. */
import { AppError } from '../../../shared/errors.js'
import { imageFailure, untilTold } from './imageFailure.js'
import { decodeTimeoutSeconds, inputOptions, sharp } from './imageLibrary.js'
import { readImageBytes } from './readImageBytes.js'
import { readHeader } from './readImageInfo.js'

export interface ThumbnailSize {
  /** The picture fits into this; it is never enlarged. */
  readonly width: number
  readonly height: number
  /** 1 to 100. */
  readonly quality: number
}

/** An SVG has no pixels of its own: it is drawn about this large before it is fitted. */
const svgEdge = 1_600

/** @throws AppError IMAGE_UNREADABLE, FILE_NOT_FOUND, FILE_UNREADABLE */
export async function drawThumbnail(
  source: string | Uint8Array,
  { width, height, quality }: ThumbnailSize,
): Promise<Buffer> {
  const { bytes, path } = await readImageBytes(source)
  const header = await readHeader({ bytes, path })
  const density =
    header.format === 'svg'
      ? { density: Math.min(2_400, (72 * svgEdge) / Math.max(header.width, header.height)) }
      : {}
  const draw = () =>
    sharp(bytes, { ...inputOptions, ...density })
      .autoOrient()
      .resize({ width, height, fit: 'inside', withoutEnlargement: true })
      .toColourspace('srgb')
      .timeout({ seconds: decodeTimeoutSeconds })
      .webp({ quality, effort: 2 })
      .toBuffer()
  try {
    return await untilTold(draw)
  } catch (error) {
    if (error instanceof AppError) throw error
    throw imageFailure(path, error)
  }
}
