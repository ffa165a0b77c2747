/** A fingerprint of what a picture looks like, so that copies of one picture are known as such. */
import { decodeImage } from '../../platform/images/decodeImage.js'
import type { ImageSource } from '../../platform/images/readImageBytes.js'

const side = 32
/** Low frequencies kept in each direction; 8 x 8 of them make 64 bits. */
const frequencies = 8

export interface PictureFingerprint {
  /** 64 bits of pHash, as two unsigned halves. */
  readonly high: number
  readonly low: number
  /** Mean red, green and blue, 0-255. */
  readonly colour: readonly [number, number, number]
}

/**
 * DCT hash of the brightness (pHash, Zauner 2010) with the mean colour: icons of one shape in other
 * colours share a hash, but are not the same picture.
 *
 * @throws AppError IMAGE_UNREADABLE, FILE_NOT_FOUND, FILE_UNREADABLE
 */
export async function fingerprintPicture(source: ImageSource): Promise<PictureFingerprint> {
  const size = { width: side, height: side, fit: 'fill', kernel: 'linear' } as const
  const { data } = await decodeImage(source, size)
  const grey = new Float32Array(side * side)
  const colour: [number, number, number] = [0, 0, 0]
  for (let i = 0; i < grey.length; i++) {
    const [r, g, b] = [data[3 * i]!, data[3 * i + 1]!, data[3 * i + 2]!]
    grey[i] = 0.299 * r + 0.587 * g + 0.114 * b
    colour[0] += r / grey.length
    colour[1] += g / grey.length
    colour[2] += b / grey.length
  }
  return { ...hashOf(lowFrequencies(grey)), colour }
}

/** Number of differing bits of two hashes. */
export function hammingDistance(
  a: Pick<PictureFingerprint, 'high' | 'low'>,
  b: Pick<PictureFingerprint, 'high' | 'low'>,
): number {
  return countBits(a.high ^ b.high) + countBits(a.low ^ b.low)
}

/** cosines[u][x] of the type-II DCT, for the low frequencies without the constant one. */
const cosines = Array.from({ length: frequencies }, (_, u) =>
  Float32Array.from({ length: side }, (_, x) =>
    Math.cos(((2 * x + 1) * (u + 1) * Math.PI) / (2 * side)),
  ),
)

/** [frequencies, frequencies] coefficients of a [side, side] picture. */
function lowFrequencies(grey: Float32Array): Float32Array {
  const rows = new Float32Array(side * frequencies)
  for (let y = 0; y < side; y++) {
    for (let u = 0; u < frequencies; u++) {
      let sum = 0
      for (let x = 0; x < side; x++) sum += grey[y * side + x]! * cosines[u]![x]!
      rows[y * frequencies + u] = sum
    }
  }
  const result = new Float32Array(frequencies * frequencies)
  for (let v = 0; v < frequencies; v++) {
    for (let u = 0; u < frequencies; u++) {
      let sum = 0
      for (let y = 0; y < side; y++) sum += rows[y * frequencies + u]! * cosines[v]![y]!
      result[v * frequencies + u] = sum
    }
  }
  return result
}

/** One bit a coefficient: whether it lies above the median. */
function hashOf(coefficients: Float32Array): { high: number; low: number } {
  const median = coefficients.toSorted()[coefficients.length / 2]!
  const half = (start: number) => {
    let bits = 0
    for (let i = 0; i < 32; i++) bits = (bits << 1) | (coefficients[start + i]! > median ? 1 : 0)
    return bits >>> 0
  }
  return { high: half(0), low: half(32) }
}

function countBits(value: number): number {
  let bits = value - ((value >>> 1) & 0x55555555)
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333)
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}
