/** What a cut-out's pixels tell by themselves: the name of its main colour, and a tiny copy. */
import type { CutOut } from './cutOut.js'

/** Side of the tiny copy in pixels. */
export const thumbnailSize = 16

/** Where the hue of each name ends, in degrees; after pink comes red again. */
const hueEnds = [14, 40, 68, 165, 255, 290, 342, 361]
const names = ['red', 'orange', 'yellow', 'green', 'blue', 'purple', 'pink', 'brown']

/** The part of the coloured pixels that one colour must have to name the picture. */
const mainShare = 0.62
/** The part of all opaque pixels that must be coloured at all. */
const colouredShare = 0.35

/** The colour a person would name it by, or null if there is none or more than one. */
export function nameColour({ data }: CutOut): string | null {
  const counts = new Uint32Array(names.length)
  let opaque = 0
  let coloured = 0
  // Every other pixel tells as much.
  for (let i = 0; i < data.length; i += 8) {
    if (data[i + 3]! < 200) continue
    opaque++
    const colour = indexOf(data[i]!, data[i + 1]!, data[i + 2]!)
    if (colour < 0) continue
    coloured++
    counts[colour]!++
  }
  if (coloured < colouredShare * opaque) return null
  const most = counts.indexOf(Math.max(...counts))
  return counts[most]! > mainShare * coloured ? names[most]! : null
}

/** -1 for black, white and grey, which outlines and highlights are made of. */
function indexOf(red: number, green: number, blue: number): number {
  const high = Math.max(red, green, blue)
  const range = high - Math.min(red, green, blue)
  if (high < 50 || range < 0.25 * high) return -1
  const hue = hueOf(red, green, blue, high, range)
  if (hue > 8 && hue < 40 && high < 170) return names.indexOf('brown')
  let band = 0
  while (hue >= hueEnds[band]!) band++
  return band % hueEnds.length === hueEnds.length - 1 ? 0 : band
}

/** Degrees, 0 to 360. */
function hueOf(red: number, green: number, blue: number, high: number, range: number): number {
  if (high === red) return (((((green - blue) / range) * 60) % 360) + 360) % 360
  if (high === green) return 120 + ((blue - red) / range) * 60
  return 240 + ((red - green) / range) * 60
}

/** `[16, 16, 3]` bytes: the mean colours on white. */
export function shrink({ size, data }: CutOut): Uint8Array {
  const cell = size / thumbnailSize
  const small = new Uint8Array(thumbnailSize * thumbnailSize * 3)
  for (let ty = 0; ty < thumbnailSize; ty++) {
    for (let tx = 0; tx < thumbnailSize; tx++) {
      for (let c = 0; c < 3; c++) {
        let sum = 0
        for (let y = ty * cell; y < (ty + 1) * cell; y++) {
          for (let x = tx * cell; x < (tx + 1) * cell; x++) {
            const i = 4 * (y * size + x)
            sum += 255 + ((data[i + c]! - 255) * data[i + 3]!) / 255
          }
        }
        small[3 * (ty * thumbnailSize + tx) + c] = Math.round(sum / (cell * cell))
      }
    }
  }
  return small
}
