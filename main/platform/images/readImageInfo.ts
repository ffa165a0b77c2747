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
    const read = () =>
      untilTold(() => sharp(bytes, { ...inputOptions, limitInputPixels: false }).metadata())
    const { autoOrient, format } = await (mayBeSvg(bytes) ? inTurn(read) : read())
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

/** No other format that is read begins as an SVG does: with "<", a byte order mark, or gzip's mark. */
function mayBeSvg(bytes: Uint8Array): boolean {
  const first = bytes.find((byte) => !blanks.has(byte))
  return first === 0x3c || first === 0xef || first === 0x1f
}

const blanks: ReadonlySet<number> = new Set([0x09, 0x0a, 0x0d, 0x20])

let before: Promise<unknown> = Promise.resolve()

/**
 * One after the other within a thread: two broken SVGs that are read at once can end the process, by
 * what the decoder does to its memory (seen with sharp 0.35.5).
 */
function inTurn<T>(read: () => Promise<T>): Promise<T> {
  const own = before.then(read)
  before = own.catch(() => {})
  return own
}
