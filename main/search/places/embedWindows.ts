/** Embeds windows onto a picture: what an encoder sees of each part of it. */
import type { ImageEncoder } from '../../ml/clip/encoders.js'
import { toPixelValues } from '../../ml/clip/preprocess.js'
import { decodeImage, type RgbImage } from '../../platform/images/decodeImage.js'

/*
 * [Note: where words match]
 * The features of patches would be cheaper, but in encoders with attention over the whole picture
 * they do not tell where a thing is: of pictures with one thing in each half, the starter's were no
 * better than chance, while windows pointed at the right half for 18 of 18 words. Windows also work
 * for every encoder, whatever its graph looks like.
 */

/** A square part of a picture; the picture's size is 1 by 1. */
export interface PictureWindow {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

export interface EmbeddedWindows {
  /** Width over height of the picture. */
  readonly ratio: number
  readonly windows: readonly PictureWindow[]
  /** [windows, dim], each of length 1. */
  readonly embeddings: Float32Array
}

/** How many windows fit side by side along the picture's shorter edge, and how many are laid there. */
const scales = [
  { fitting: 2, laid: 4 },
  { fitting: 3, laid: 5 },
] as const
/** Along the longer edge there are at most so many. */
const mostLaid = 8
/** Windows encoded at once: between them the encoder is free for others. */
const windowsPerBatch = 8

/** @throws AppError IMAGE_UNREADABLE, FILE_NOT_FOUND, FILE_UNREADABLE */
export async function embedWindows(
  encoder: Pick<ImageEncoder, 'encode' | 'dim' | 'preprocess'>,
  picture: string,
): Promise<EmbeddedWindows> {
  const windows: PictureWindow[] = []
  const parts: Float32Array[] = []
  let ratio = 1
  for (const { fitting, laid } of scales) {
    const whole = await decodeWhole(picture, encoder.preprocess, fitting)
    ratio = whole.width / whole.height
    const corners = layWindows(whole, encoder.preprocess, laid)
    for (let start = 0; start < corners.length; start += windowsPerBatch) {
      const some = corners.slice(start, start + windowsPerBatch)
      parts.push(await encodeCorners(encoder, whole, some))
    }
    windows.push(...corners.map((corner) => toWindow(corner, whole, encoder.preprocess)))
  }
  return { ratio, windows, embeddings: join(parts) }
}

type Preprocess = ImageEncoder['preprocess']
interface Corner {
  readonly x: number
  readonly y: number
}

/** The picture at a size at which a window is exactly what the encoder takes. */
function decodeWhole(picture: string, config: Preprocess, fitting: number): Promise<RgbImage> {
  const { width, height, kernel, background } = config
  const edge = fitting * Math.max(width, height)
  return decodeImage(picture, {
    width: edge,
    height: edge,
    fit: 'shortest-edge',
    kernel,
    background,
  })
}

function layWindows(whole: RgbImage, { width, height }: Preprocess, laid: number): Corner[] {
  const shorter = Math.min(whole.width, whole.height)
  const along = (length: number, window: number) => {
    const count = Math.min(mostLaid, Math.round((laid * length) / shorter))
    return Array.from({ length: count }, (_, i) =>
      Math.round(((length - window) * i) / Math.max(1, count - 1)),
    )
  }
  return along(whole.height, height).flatMap((y) =>
    along(whole.width, width).map((x) => ({ x, y })),
  )
}

async function encodeCorners(
  encoder: Pick<ImageEncoder, 'encode' | 'preprocess'>,
  whole: RgbImage,
  corners: readonly Corner[],
): Promise<Float32Array> {
  const { width, height } = encoder.preprocess
  const length = 3 * width * height
  const pixels = new Float32Array(corners.length * length)
  const cut = new Uint8Array(length)
  corners.forEach(({ x, y }, i) => {
    for (let row = 0; row < height; row++) {
      const from = 3 * ((y + row) * whole.width + x)
      cut.set(whole.data.subarray(from, from + 3 * width), 3 * row * width)
    }
    toPixelValues(cut, encoder.preprocess, pixels, i * length)
  })
  return (await encoder.encode(pixels, corners.length)).embeddings
}

function toWindow({ x, y }: Corner, whole: RgbImage, { width, height }: Preprocess): PictureWindow {
  return {
    left: x / whole.width,
    top: y / whole.height,
    width: width / whole.width,
    height: height / whole.height,
  }
}

function join(parts: readonly Float32Array[]): Float32Array {
  const joined = new Float32Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    joined.set(part, at)
    at += part.length
  }
  return joined
}
