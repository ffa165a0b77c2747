/** Seeded normal numbers for initial weights: the same seed gives the same model everywhere. */

/** A stream of standard normal numbers. */
export type NormalSource = () => number

/** Mulberry32 uniforms turned normal by Box and Muller's transform. */
export function createNormalSource(seed: number): NormalSource {
  let state = seed >>> 0
  const uniform = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())
}

/** `length` normal numbers of the given standard deviation. */
export function fillNormal(source: NormalSource, length: number, std: number): Float32Array {
  return Float32Array.from({ length }, () => source() * std)
}
