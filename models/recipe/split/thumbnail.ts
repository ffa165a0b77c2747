/** Compares tiny copies of pictures by eye: whether they are the same drawing. */

export interface Thumbnail {
  readonly levels: Uint8Array
  /** Standard deviation of the levels. */
  readonly contrast: number
}

/**
 * The largest root mean square difference of two tiny copies, as a share of their own contrast,
 * that counts as the same picture. Found by looking: below it stand the same drawings, above it
 * come pictures that only share a shape, and pale ones that share a lot of white.
 */
const sameBelow = 0.3

/** @param levels as of `shrink` */
export function toThumbnail(levels: Uint8Array): Thumbnail {
  const mean = levels.reduce((sum, level) => sum + level, 0) / levels.length
  const variance = levels.reduce((sum, level) => sum + (level - mean) ** 2, 0) / levels.length
  return { levels, contrast: Math.sqrt(variance) }
}

export function looksSame(a: Thumbnail, b: Thumbnail): boolean {
  const limit = a.levels.length * (sameBelow * Math.max(a.contrast, b.contrast)) ** 2
  let sum = 0
  for (let i = 0; i < a.levels.length && sum < limit; i++) {
    sum += (a.levels[i]! - b.levels[i]!) ** 2
  }
  return sum < limit
}
