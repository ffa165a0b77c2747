/** Seeded random numbers, so that a run can be repeated and resumed exactly. */

/** A stream of random numbers; two streams of the same seeds give the same numbers. */
export interface Random {
  /** Uniform in [0, 1), with 32 bits. */
  next(): number
  /** Uniform in 0 .. bound - 1. */
  integer(bound: number): number
  /** Uniform in [low, high). */
  between(low: number, high: number): number
}

/**
 * A stream for a tuple of integers, such as (seed, epoch, sample): nothing but the tuple decides it,
 * so a resumed run needs no saved generator state, only its position.
 *
 * The generator is xoshiro128** (Blackman and Vigna 2018), its state filled by a MurmurHash3-style
 * mix of the seeds.
 */
export function createRandom(...seeds: readonly number[]): Random {
  const state = mixSeeds(seeds)
  const next = () => nextUint32(state) / 4294967296
  return {
    next,
    integer: (bound) => Math.floor(next() * bound),
    between: (low, high) => low + (high - low) * next(),
  }
}

/** The numbers 0 .. length - 1 in random order (Fisher-Yates). */
export function shuffledIndices(length: number, random: Random): Int32Array {
  const order = Int32Array.from({ length }, (_, i) => i)
  for (let last = length - 1; last > 0; last--) {
    const chosen = random.integer(last + 1)
    const value = order[last]!
    order[last] = order[chosen]!
    order[chosen] = value
  }
  return order
}

function mixSeeds(seeds: readonly number[]): Uint32Array {
  const state = new Uint32Array(4)
  let hash = 0x9e3779b9
  for (const seed of seeds) {
    hash = finalise(hash ^ (seed | 0))
    hash = finalise((hash + Math.floor(seed / 4294967296)) | 0)
  }
  for (let i = 0; i < 4; i++) {
    hash = (hash + 0x9e3779b9) | 0
    state[i] = finalise(hash)
  }
  // The one state that the generator cannot leave.
  if (state.every((word) => word === 0)) state[0] = 1
  return state
}

function finalise(value: number): number {
  let h = value
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}

function nextUint32(s: Uint32Array): number {
  const scrambled = Math.imul(rotateLeft(Math.imul(s[1]!, 5), 7), 9)
  const shifted = s[1]! << 9
  s[2]! ^= s[0]!
  s[3]! ^= s[1]!
  s[1]! ^= s[2]!
  s[0]! ^= s[3]!
  s[2]! ^= shifted
  s[3] = rotateLeft(s[3]!, 11)
  return scrambled >>> 0
}

function rotateLeft(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits))
}
