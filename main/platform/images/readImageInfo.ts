/** Reads a picture's size and format from its header, without decoding it. */
import { AppError } from '../../../shared/errors.js'
import { imageFailure, untilTold } from './imageFailure.js'
import { inputOptions, maxInputPixels, sharp } from './imageLibrary.js'
import { type ImageBytes, readImageBytes } from './readImageBytes.js'

/** What a picture's header tells. */
export interface ImageInfo {
  /** Pixels as shown, after the EXIF orientation. */
  readonly width: number
  readonly height: number
  /** libvips' name: jpeg, png, webp, gif, tiff, svg, heif. */
  readonly format: string
}

/** Width, height and format of the picture at `source`; errors as of `decodeImage`. */
export async function readImageInfo(source: string | Uint8Array): Promise<ImageInfo> {
  return readHeader(await readImageBytes(source))
}

/** The same for a picture that is in memory already. */
export async function readHeader({ bytes, path }: ImageBytes): Promise<ImageInfo> {
  try {
    const { autoOrient, format } = await untilTold(() =>
      sharp(bytes, { ...inputOptions, limitInputPixels: false }).metadata(),
    )
    const { width, height } = autoOrient
    // An SVG's own size says nothing about the work, as it is rendered at the size wanted.
    if (format !== 'svg' && width * height > maxInputPixels) {
      throw new AppError('IMAGE_UNREADABLE', { path, reason: 'too large' })
    }
    return { width, height, format }
  } catch (error) {
    throw imageFailure(path, error)
  }
}
