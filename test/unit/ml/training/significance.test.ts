/** Whether two models can be told apart: the test keeps its promise, and clusters count as one. */
import { describe, expect, it } from 'vitest'
import { comparePaired } from '../../../../main/ml/training/metrics/significance/comparePaired.js'
import { signFlipP } from '../../../../main/ml/training/metrics/significance/signFlip.js'
import { createRandom } from '../../../../main/ml/training/random.js'

/** About normal: the sum of twelve uniform numbers. */
function gaussian(random: ReturnType<typeof createRandom>): number {
  let sum = -6
  for (let i = 0; i < 12; i++) sum += random.next()
  return sum
}

describe('signFlipP', () => {
  it('is exact for few clusters', () => {
    const random = createRandom(1)
    // Only all signs alike reach the sum: 2 of 16.
    expect(signFlipP(Float64Array.of(1, 1, 1, 1), random)).toBe(2 / 16)
    expect(signFlipP(Float64Array.of(3, -1), random)).toBe(1)
    // {+4 +3 +2 -1} = 8: ±8 by two patterns, ±10 by two more.
    expect(signFlipP(Float64Array.of(4, 3, 2, -1), random)).toBe(4 / 16)
    expect(signFlipP(Float64Array.of(), random)).toBe(1)
  })

  it('does not ask clusters without a difference', () => {
    const few = Float64Array.of(1, 1, 1, 1)
    const padded = new Float64Array(500)
    padded.set(few)
    expect(signFlipP(padded, createRandom(1))).toBe(signFlipP(few, createRandom(2)))
  })

  it('agrees with the exact p where it draws at random', () => {
    // A sum of 20 signs is at least 10 in size with p = 2 * sum of C(20, k), k <= 5, over 2^20.
    const sums = Float64Array.from({ length: 20 }, (_, i) => (i < 15 ? 1 : -1))
    const exact = (2 * (1 + 20 + 190 + 1140 + 4845 + 15504)) / 2 ** 20
    expect(signFlipP(sums, createRandom(3))).toBeCloseTo(exact, 2)
  })

  it('finds a difference where there is none no more often than it says', () => {
    const random = createRandom(4)
    const trials = 400
    let found = 0
    for (let trial = 0; trial < trials; trial++) {
      const sums = Float64Array.from({ length: 40 }, () => gaussian(random))
      if (signFlipP(sums, random, 499) < 0.05) found++
    }
    // 20 expected, with a standard deviation of 4.4.
    expect(found).toBeGreaterThan(5)
    expect(found).toBeLessThan(36)
  })
})

describe('comparePaired', () => {
  const random = createRandom(5)
  const count = 300
  const alone = Int32Array.from({ length: count }, (_, i) => i)
  const against = Float64Array.from({ length: count }, () => random.integer(2))
  /** Right where the other is, and for some of the rest. */
  const gained = (share: number) => against.map((hit) => (random.next() < share ? 1 : hit))

  it('tells a clear gain, with an interval around it that leaves zero out', () => {
    const compared = comparePaired(gained(0.2), against, alone)
    expect(compared.verdict).toBe('better')
    expect(compared.p).toBeLessThan(0.001)
    expect(compared.model - compared.against).toBeCloseTo(compared.difference, 12)
    expect(compared.interval[0]).toBeGreaterThan(0)
    expect(compared.interval[0]).toBeLessThan(compared.difference)
    expect(compared.interval[1]).toBeGreaterThan(compared.difference)
    expect(comparePaired(against, gained(0.2), alone).verdict).toBe('worse')
  })

  it('says so where they cannot be told apart, and repeats itself', () => {
    const other = against.map((hit) => (random.next() < 0.02 ? 1 - hit : hit))
    const compared = comparePaired(other, against, alone)
    expect(compared.verdict).toBe('not distinguishable')
    expect(compared.interval[0]).toBeLessThanOrEqual(0)
    expect(compared.interval[1]).toBeGreaterThanOrEqual(0)
    expect(comparePaired(other, against, alone)).toEqual(compared)
    expect(comparePaired(against, against, alone)).toMatchObject({ difference: 0, p: 1 })
  })

  it('is not fooled by copies of the same few queries', () => {
    const better = Float64Array.from({ length: 30 }, (_, i) => (i < 5 ? 1 : 0))
    const worse = Float64Array.from({ length: 30 }, (_, i) => (i === 29 ? 1 : 0))
    const repeat = (values: Float64Array) =>
      Float64Array.from({ length: 300 }, (_, i) => values[Math.floor(i / 10)]!)
    const tens = alone.map((i) => Math.floor(i / 10))
    const once = comparePaired(better, worse, alone.slice(0, 30))
    const linked = comparePaired(repeat(better), repeat(worse), tens)
    expect(once.verdict).toBe('not distinguishable')
    expect(linked.p).toBe(once.p)
    expect(linked.verdict).toBe('not distinguishable')
    expect(comparePaired(repeat(better), repeat(worse), alone).verdict).toBe('better')
  })
})
