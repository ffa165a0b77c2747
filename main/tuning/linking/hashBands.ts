/** Finds perceptual hashes near each other without comparing all with all. */
import { hammingDistance, type PictureFingerprint } from './perceptualHash.js'

/** Hashes that differ in at most so many bits are of the same picture. */
const maxHashDistance = 6
/** Largest difference of mean colours, in levels of 255. */
const maxColourDistance = 24

type Hash = Pick<PictureFingerprint, 'high' | 'low'>

/** Where each band begins, and the last one ends: 64 bits in seven bands. */
const edges = Array.from({ length: maxHashDistance + 2 }, (_, band) =>
  Math.round((band * 64) / (maxHashDistance + 1)),
)
const bandBits = 10

/**
 * A number for each band of a hash: hashes near each other share at least one of them, as six
 * differing bits leave one of seven bands whole (pigeonhole).
 */
export function bandsOf({ high, low }: Hash): number[] {
  return Array.from({ length: edges.length - 1 }, (_, band) => {
    return (band << bandBits) | bitsBetween(high, low, edges[band]!, edges[band + 1]!)
  })
}

/** Bits `start` to `end` of 64, of which at most ten are asked for. */
function bitsBetween(high: number, low: number, start: number, end: number): number {
  const mask = (1 << (end - start)) - 1
  if (end <= 32) return (high >>> (32 - end)) & mask
  if (start >= 32) return (low >>> (64 - end)) & mask
  return ((high << (end - 32)) | (low >>> (64 - end))) & mask
}

/** Whether two pictures are the same to the eye. */
export function areAlike(a: PictureFingerprint, b: PictureFingerprint): boolean {
  if (hammingDistance(a, b) > maxHashDistance) return false
  return a.colour.every((level, i) => Math.abs(level - b.colour[i]!) <= maxColourDistance)
}
