/** How fast indexing could be, from what decoding and encoding reach alone. */

/** Pictures a second of each part of the work with the whole machine to itself. */
export interface PartRates {
  readonly encoding: number
  readonly decoding: number
}

/**
 * The limit where both compete for the same cores, none of which ever waits: every picture takes
 * the time of its decoding and of its encoding.
 */
export function sharedLimit({ encoding, decoding }: PartRates): number {
  return 1 / (1 / encoding + 1 / decoding)
}

/** The limit where each has a machine to itself, as with an encoder on a graphics card. */
export function overlappedLimit({ encoding, decoding }: PartRates): number {
  return Math.min(encoding, decoding)
}
