/** Turns pictures into the numbers that an image encoder reads. */
import {
  type DecodeOptions,
  decodeImage,
  type RgbImage,
} from '../../platform/images/decodeImage.js'
import type { PreprocessConfig } from './preprocessConfig.js'

/**
 * Decodes, scales and crops a picture as the model wants it; 8 bits, `[height, width, 3]`.
 *
 * @throws the errors of `decodeImage`
 */
export function loadCrop(source: string | Uint8Array, config: PreprocessConfig): Promise<RgbImage> {
  return decodeImage(source, cropOptions(config))
}

/** A picture's `pixel_values`, `[3, height, width]`; errors as of `decodeImage`. */
export async function loadPixelValues(
  source: string | Uint8Array,
  config: PreprocessConfig,
): Promise<Float32Array> {
  const { data } = await loadCrop(source, config)
  const pixelValues = new Float32Array(data.length)
  toPixelValues(data, config, pixelValues, 0)
  return pixelValues
}

/**
 * Writes the `pixel_values` of a picture that is decoded already.
 *
 * @param rgb `[height, width, 3]` of the model's size
 * @param out receives `[3, height, width]` from `offset` on
 */
export function toPixelValues(
  rgb: Uint8Array,
  config: PreprocessConfig,
  out: Float32Array,
  offset: number,
): void {
  const area = config.width * config.height
  if (rgb.length !== 3 * area || offset + 3 * area > out.length) {
    throw new RangeError(
      `pixel values: ${rgb.length} bytes do not fit ${config.width} x ${config.height}`,
    )
  }
  const [red, green, blue] = tablesOf(config)
  for (let i = 0; i < area; i++) {
    out[offset + i] = red![rgb[3 * i]!]!
    out[offset + area + i] = green![rgb[3 * i + 1]!]!
    out[offset + 2 * area + i] = blue![rgb[3 * i + 2]!]!
  }
}

/** How a picture is decoded to what `toPixelValues` takes. */
export function cropOptions(config: PreprocessConfig): DecodeOptions {
  const { width, height, resize, kernel, background } = config
  if (resize.kind === 'stretch') return { width, height, fit: 'fill', kernel, background }
  const { edge } = resize
  const crop = { width, height }
  return { width: edge, height: edge, crop, fit: 'shortest-edge', kernel, background }
}

const knownTables = new WeakMap<PreprocessConfig, readonly Float32Array[]>()

/** The value of each of the 256 pixel levels, by channel; rounded to float32 at the steps others round. */
function tablesOf(config: PreprocessConfig): readonly Float32Array[] {
  const known = knownTables.get(config)
  if (known) return known
  const tables = [0, 1, 2].map((channel) =>
    Float32Array.from({ length: 256 }, (_, level) => {
      const rescaled = Math.fround(level * config.rescaleFactor)
      return (rescaled - config.mean[channel]!) / config.std[channel]!
    }),
  )
  knownTables.set(config, tables)
  return tables
}
