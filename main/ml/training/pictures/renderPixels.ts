/** Makes a training picture's pixel values: crop, scale, flip, colours, blur, normalisation. */
import type { PreprocessConfig } from '../../clip/preprocessConfig.js'
import type { Augmentation } from './augmentation.js'

/** A pixel of 0 to 255 becomes `(pixel * rescaleFactor - mean) / std`, by channel. */
export type Normalisation = Pick<PreprocessConfig, 'rescaleFactor' | 'mean' | 'std'>

/**
 * Writes one picture into `target` as `[3, size, size]`.
 *
 * @param source square RGB bytes, `[sourceSize, sourceSize, 3]`
 */
export function renderPixels(
  source: Uint8Array,
  sourceSize: number,
  augmentation: Augmentation,
  { rescaleFactor, mean, std }: Normalisation,
  target: Float32Array,
  size: number,
): void {
  cropAndScale(source, sourceSize, augmentation, target, size)
  adjustColours(target, size * size, augmentation)
  if (augmentation.blur) {
    for (let channel = 0; channel < 3; channel++) {
      blurPlane(target.subarray(channel * size * size, (channel + 1) * size * size), size)
    }
  }
  for (let channel = 0; channel < 3; channel++) {
    const scale = rescaleFactor / std[channel]!
    const shift = -mean[channel]! / std[channel]!
    const end = (channel + 1) * size * size
    for (let i = channel * size * size; i < end; i++) target[i] = target[i]! * scale + shift
  }
}

/** Bilinear, with pixel centres at half coordinates; values 0 to 255, planes by channel. */
function cropAndScale(
  source: Uint8Array,
  sourceSize: number,
  { left, top, width, height, flip }: Augmentation,
  target: Float32Array,
  size: number,
): void {
  const plane = size * size
  const columns = taps(left * sourceSize, width * sourceSize, sourceSize, size)
  const rows = taps(top * sourceSize, height * sourceSize, sourceSize, size)
  for (let y = 0; y < size; y++) {
    const upper = rows.first[y]! * sourceSize
    const lower = rows.second[y]! * sourceSize
    const fy = rows.share[y]!
    for (let x = 0; x < size; x++) {
      const near = columns.first[x]!
      const far = columns.second[x]!
      const fx = columns.share[x]!
      const w00 = (1 - fy) * (1 - fx)
      const w01 = (1 - fy) * fx
      const w10 = fy * (1 - fx)
      const w11 = fy * fx
      const a = (upper + near) * 3
      const b = (upper + far) * 3
      const c = (lower + near) * 3
      const d = (lower + far) * 3
      const at = y * size + (flip ? size - 1 - x : x)
      target[at] = w00 * source[a]! + w01 * source[b]! + w10 * source[c]! + w11 * source[d]!
      target[at + plane] =
        w00 * source[a + 1]! + w01 * source[b + 1]! + w10 * source[c + 1]! + w11 * source[d + 1]!
      target[at + 2 * plane] =
        w00 * source[a + 2]! + w01 * source[b + 2]! + w10 * source[c + 2]! + w11 * source[d + 2]!
    }
  }
}

/** Per output pixel along one axis, the two source pixels it lies between and its share of the second. */
function taps(start: number, length: number, sourceSize: number, size: number) {
  const first = new Int32Array(size)
  const second = new Int32Array(size)
  const share = new Float32Array(size)
  for (let i = 0; i < size; i++) {
    const centre = start + ((i + 0.5) * length) / size - 0.5
    const position = Math.min(Math.max(centre, 0), sourceSize - 1)
    first[i] = Math.floor(position)
    second[i] = Math.min(first[i]! + 1, sourceSize - 1)
    share[i] = position - first[i]!
  }
  return { first, second, share }
}

/** Brightness, then contrast about the picture's mean grey, then saturation about each pixel's grey. */
function adjustColours(
  pixels: Float32Array,
  plane: number,
  { brightness, contrast, saturation }: Augmentation,
): void {
  if (brightness === 1 && contrast === 1 && saturation === 1) return
  let greySum = 0
  for (let i = 0; i < plane; i++) greySum += greyAt(pixels, plane, i)
  const pivot = (brightness * greySum * (1 - contrast)) / plane
  const gain = brightness * contrast
  for (let i = 0; i < plane; i++) {
    const grey = greyAt(pixels, plane, i) * (1 - saturation)
    for (let at = i; at < 3 * plane; at += plane) {
      const value = (pixels[at]! * saturation + grey) * gain + pivot
      pixels[at] = Math.min(Math.max(value, 0), 255)
    }
  }
}

/** Luma by ITU-R BT.601. */
function greyAt(pixels: Float32Array, plane: number, i: number): number {
  return 0.299 * pixels[i]! + 0.587 * pixels[i + plane]! + 0.114 * pixels[i + 2 * plane]!
}

/** A 1-2-1 blur along both axes, the border repeated. */
function blurPlane(plane: Float32Array, size: number): void {
  const line = new Float32Array(size)
  for (const [step, stride] of [
    [1, size],
    [size, 1],
  ] as const) {
    for (let n = 0; n < size; n++) {
      const start = n * stride
      for (let i = 0; i < size; i++) line[i] = plane[start + i * step]!
      for (let i = 0; i < size; i++) {
        const before = line[Math.max(i - 1, 0)]!
        const after = line[Math.min(i + 1, size - 1)]!
        plane[start + i * step] = (before + 2 * line[i]! + after) / 4
      }
    }
  }
}
