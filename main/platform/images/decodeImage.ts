/** Decodes any picture to RGB bytes of the size wanted: upright, in sRGB, on a background. */
import { AppError } from '../../../shared/errors.js'
import { imageFailure, untilTold } from './imageFailure.js'
import { decodeTimeoutSeconds, inputOptions, maxInputPixels, sharp } from './imageLibrary.js'
import { planResize, type ResizeOptions, type ResizePlan, type Size } from './planResize.js'
import { type ImageSource, readImageBytes } from './readImageBytes.js'
import { readHeader } from './readImageInfo.js'

/** Filter for scaling; all of them average over the source pixels when scaling down. */
export type Kernel = 'nearest' | 'linear' | 'cubic' | 'lanczos3'

export interface DecodeOptions extends ResizeOptions {
  /** Seen where the picture is transparent, and in the bars of `contain`. Red, green, blue 0-255. */
  readonly background?: readonly [number, number, number]
  readonly kernel?: Kernel
}

/** A decoded picture: `data` is `[height, width, 3]`, red, green, blue, 8 bits each. */
export interface RgbImage {
  readonly data: Uint8Array
  readonly width: number
  readonly height: number
}

const white = [255, 255, 255] as const

/**
 * Decodes a picture given by path or as encoded bytes; errors name the path where it is known.
 *
 * EXIF orientation is applied, colours are brought to sRGB (CMYK, grey and 16-bit ones too), of an
 * animation the first frame is taken, and an SVG is rendered for the size wanted. Needs about the
 * memory of the shrunk picture, as JPEG is shrunk while it is read.
 *
 * @throws AppError IMAGE_UNREADABLE with the reason, FILE_NOT_FOUND, FILE_UNREADABLE
 */
export async function decodeImage(source: ImageSource, options: DecodeOptions): Promise<RgbImage> {
  const { bytes, path } = await readImageBytes(source)
  const header = await readHeader({ bytes, path })
  const plan = planResize(header, options)
  if (plan.scaled.width * plan.scaled.height > maxInputPixels) {
    throw new AppError('IMAGE_UNREADABLE', { path, reason: 'too elongated' })
  }
  const density = header.format === 'svg' ? { density: svgDensity(header, plan.scaled) } : {}
  const decode = () => {
    const pipeline = sharp(bytes, { ...inputOptions, ...density }).autoOrient()
    const [r, g, b] = options.background ?? white
    pipeline.flatten({ background: { r, g, b } })
    applyPlan(pipeline, plan, options.kernel ?? 'cubic', { r, g, b })
    return pipeline
      .toColourspace('srgb')
      .timeout({ seconds: decodeTimeoutSeconds })
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true })
  }
  try {
    const { data, info } = await untilTold(decode)
    return { data: toRgb(data, info.channels), width: info.width, height: info.height }
  } catch (error) {
    throw imageFailure(path, error)
  }
}

function applyPlan(
  pipeline: ReturnType<typeof sharp>,
  { scaled, crop, padded }: ResizePlan,
  kernel: Kernel,
  background: { r: number; g: number; b: number },
): void {
  pipeline.resize({ width: scaled.width, height: scaled.height, fit: 'fill', kernel })
  if (crop !== null && (crop.width !== scaled.width || crop.height !== scaled.height)) {
    const left = Math.floor((scaled.width - crop.width) / 2)
    const top = Math.floor((scaled.height - crop.height) / 2)
    pipeline.extract({ left, top, width: crop.width, height: crop.height })
  }
  if (padded !== null) {
    const left = Math.floor((padded.width - scaled.width) / 2)
    const top = Math.floor((padded.height - scaled.height) / 2)
    const right = padded.width - scaled.width - left
    const bottom = padded.height - scaled.height - top
    pipeline.extend({ left, top, right, bottom, background })
  }
}

/** Dots per inch at which an SVG of size `own` (at 72) comes out no smaller than `scaled`. */
function svgDensity(own: Size, scaled: Size): number {
  const scale = Math.max(scaled.width / own.width, scaled.height / own.height)
  return Math.min(Math.max(72 * scale, 1), 100_000)
}

/** Three channels, where libvips kept a grey picture in one. */
function toRgb(data: Uint8Array, channels: number): Uint8Array {
  if (channels === 3) return data
  const pixels = data.length / channels
  const rgb = new Uint8Array(pixels * 3)
  for (let i = 0; i < pixels; i++) rgb.fill(data[i * channels]!, i * 3, i * 3 + 3)
  return rgb
}
