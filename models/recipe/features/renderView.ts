/** Draws a view of a cut-out as the pixel values that the backbone takes. */
import type { CutOut } from './cutOut.js'
import type { Background, Placement, Surroundings, View } from './drawView.js'

/** Square RGB pictures, `[size, size, 3]` bytes each. */
export type Photographs = readonly Uint8Array[]

/** A picture and where in the frame it stands. */
export interface Placed {
  readonly picture: Premultiplied
  readonly placement: Placement
}

/** One picture; see `renderScene`. */
export function renderView(
  picture: Premultiplied,
  view: View,
  photographs: Photographs,
  target: Float32Array,
): void {
  renderScene([{ picture, placement: view }], view, photographs, target)
}

/**
 * Writes `[3, size, size]` values from 0 to 1 into `target`, which has the pictures' own size. Later
 * pictures cover earlier ones.
 *
 * @param photographs of the same size, for backgrounds
 */
export function renderScene(
  placed: readonly Placed[],
  surroundings: Surroundings,
  photographs: Photographs,
  target: Float32Array,
): void {
  const size = placed[0]!.picture.size
  const plane = size * size
  paintBackground(surroundings.background, photographs, size, target)
  for (const { picture, placement } of placed) blendPicture(picture, placement, target)
  adjustLight(target, plane, surroundings)
  if (surroundings.blur > 0) boxBlur(target, size, surroundings.blur)
}

function blendPicture(picture: Premultiplied, placement: Placement, target: Float32Array): void {
  const { size } = picture
  const [a, b, c, d] = inverseTransform(placement)
  for (let y = 0; y < size; y++) {
    const u = 0.5 / size - placement.centre[0]
    const v = (y + 0.5) / size - placement.centre[1]
    // One more for the frame of nothing around the picture.
    let sx = (a * u + b * v + 0.5) * size + 0.5
    let sy = (c * u + d * v + 0.5) * size + 0.5
    for (let at = y * size; at < (y + 1) * size; at++) {
      if (sx >= 0 && sy >= 0 && sx < size + 1 && sy < size + 1) {
        blendPixel(picture, sx, sy, target, at, size * size)
      }
      sx += a
      sy += c
    }
  }
}

/** Colours times opacity, `[size + 2, size + 2, 4]` from 0 to 1, with a transparent frame. */
export interface Premultiplied {
  readonly size: number
  readonly data: Float32Array
}

/** Prepares a cut-out for any number of views. */
export function premultiply({ size, data }: CutOut): Premultiplied {
  const framed = new Float32Array((size + 2) * (size + 2) * 4)
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const from = 4 * (y * size + x)
      const to = 4 * ((y + 1) * (size + 2) + x + 1)
      const alpha = data[from + 3]! / 255
      framed[to] = (data[from]! * alpha) / 255
      framed[to + 1] = (data[from + 1]! * alpha) / 255
      framed[to + 2] = (data[from + 2]! * alpha) / 255
      framed[to + 3] = alpha
    }
  }
  return { size, data: framed }
}

/** From the frame to the picture: rotation, scale and mirror undone, about both centres. */
function inverseTransform({
  scale: [width, height],
  angle,
  flip,
}: Placement): readonly [number, number, number, number] {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
  const mirror = flip ? -1 : 1
  return [(mirror * cos) / width, (mirror * sin) / width, -sin / height, cos / height]
}

/** Bilinear, over what `target` holds. The hot spot: written out, as arrays would cost the most. */
function blendPixel(
  { size, data }: Premultiplied,
  sx: number,
  sy: number,
  target: Float32Array,
  at: number,
  plane: number,
): void {
  const left = Math.floor(sx)
  const top = Math.floor(sy)
  const fx = sx - left
  const fy = sy - top
  const i = 4 * (top * (size + 2) + left)
  const j = i + 4 * (size + 2)
  const w00 = (1 - fx) * (1 - fy)
  const w01 = fx * (1 - fy)
  const w10 = (1 - fx) * fy
  const w11 = fx * fy
  const alpha = w00 * data[i + 3]! + w01 * data[i + 7]! + w10 * data[j + 3]! + w11 * data[j + 7]!
  if (alpha === 0) return
  const rest = 1 - alpha
  target[at] =
    target[at]! * rest + w00 * data[i]! + w01 * data[i + 4]! + w10 * data[j]! + w11 * data[j + 4]!
  const green = w00 * data[i + 1]! + w01 * data[i + 5]! + w10 * data[j + 1]! + w11 * data[j + 5]!
  target[at + plane] = target[at + plane]! * rest + green
  const blue = w00 * data[i + 2]! + w01 * data[i + 6]! + w10 * data[j + 2]! + w11 * data[j + 6]!
  target[at + 2 * plane] = target[at + 2 * plane]! * rest + blue
}

function paintBackground(
  background: Background,
  photographs: Photographs,
  size: number,
  target: Float32Array,
): void {
  const plane = size * size
  for (let c = 0; c < 3; c++) {
    if (background.kind === 'plain') {
      target.fill(background.colour[c]! / 255, c * plane, (c + 1) * plane)
      continue
    }
    const photograph = background.kind === 'photograph' ? photographs[background.index] : undefined
    for (let i = 0; i < plane; i++) {
      target[c * plane + i] =
        background.kind === 'gradient'
          ? gradientAt(background, c, i, size)
          : photograph![3 * i + c]! / 255
    }
  }
}

function gradientAt(
  { from, to, upright }: Extract<Background, { kind: 'gradient' }>,
  channel: number,
  index: number,
  size: number,
): number {
  const share = (upright ? Math.floor(index / size) : index % size) / size
  return (from[channel]! * (1 - share) + to[channel]! * share) / 255
}

/** Brightness, contrast about middle grey, saturation about each pixel's grey; kept in 0 to 1. */
function adjustLight(
  target: Float32Array,
  plane: number,
  { brightness, contrast, saturation }: Surroundings,
): void {
  if (brightness === 1 && contrast === 1 && saturation === 1) return
  const keep = (1 - saturation) * brightness * contrast
  const gain = saturation * brightness * contrast
  const shift = 0.5 - 0.5 * contrast
  for (let i = 0; i < plane; i++) {
    const red = target[i]!
    const green = target[i + plane]!
    const blue = target[i + 2 * plane]!
    const base = (0.299 * red + 0.587 * green + 0.114 * blue) * keep + shift
    target[i] = Math.min(1, Math.max(0, red * gain + base))
    target[i + plane] = Math.min(1, Math.max(0, green * gain + base))
    target[i + 2 * plane] = Math.min(1, Math.max(0, blue * gain + base))
  }
}

/** Means over squares of `2 * radius + 1` pixels, cut at the edges: what a coarse picture looks like. */
function boxBlur(target: Float32Array, size: number, radius: number): void {
  const line = new Float32Array(size)
  for (let start = 0; start < target.length; start += size * size) {
    for (let y = 0; y < size; y++) blurLine(target, start + y * size, 1, radius, line)
    for (let x = 0; x < size; x++) blurLine(target, start + x, size, radius, line)
  }
}

function blurLine(
  target: Float32Array,
  start: number,
  stride: number,
  radius: number,
  line: Float32Array,
): void {
  for (let i = 0; i < line.length; i++) line[i] = target[start + i * stride]!
  for (let i = 0; i < line.length; i++) {
    const from = Math.max(0, i - radius)
    const to = Math.min(line.length - 1, i + radius)
    let sum = 0
    for (let k = from; k <= to; k++) sum += line[k]!
    target[start + i * stride] = sum / (to - from + 1)
  }
}
