import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRandom, shuffledIndices } from '../../../../main/ml/training/random.js'
import {
  linkGroups,
  normaliseCaption,
  numberTexts,
} from '../../../../main/ml/training/sampling/groups.js'
import { balancedOrder } from '../../../../main/ml/training/sampling/orders/balanced.js'
import { createPairSampler } from '../../../../main/ml/training/sampling/pairSampler.js'

describe('createRandom', () => {
  it('repeats for the same seeds and differs for any other', () => {
    const draw = (...seeds: number[]) => {
      const random = createRandom(...seeds)
      return Array.from({ length: 4 }, () => random.next())
    }
    expect(draw(1, 2, 3)).toEqual(draw(1, 2, 3))
    const others = [draw(1, 2, 3), draw(1, 3, 2), draw(2, 2, 3), draw(1, 2), draw(0), draw(2 ** 40)]
    expect(new Set(others.map((o) => o[0])).size).toBe(others.length)
  })

  it('is uniform, also over neighbouring seeds', () => {
    const counts = new Array<number>(10).fill(0)
    for (let seed = 0; seed < 20_000; seed++) counts[createRandom(7, seed).integer(10)]!++
    const chiSquared = counts.reduce((sum, count) => sum + (count - 2000) ** 2 / 2000, 0)
    // 9 degrees of freedom: exceeded by chance once in ten thousand.
    expect(chiSquared).toBeLessThan(33.7)
  })

  it('shuffles to a permutation', () => {
    const order = shuffledIndices(100, createRandom(1))
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i))
    expect([...order]).not.toEqual([...order].sort((a, b) => a - b))
  })
})

describe('createPairSampler', () => {
  it('shows each item at most once per epoch, with one of its captions, whenever asked', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 2, maxLength: 60 }),
        fc.integer({ min: 1, max: 20 }),
        fc.integer(),
        (captionCounts, batchSize, seed) => {
          const sampler = createPairSampler(captionCounts, batchSize, seed)
          const again = createPairSampler(captionCounts, batchSize, seed)
          const steps = Array.from({ length: 3 * sampler.batchesPerEpoch }, (_, i) => i)
          const picks = steps.map((step) => sampler.picksAt(step))
          for (const step of steps.toReversed()) expect(again.picksAt(step)).toEqual(picks[step])
          for (const { items, captions } of picks) {
            expect(items).toHaveLength(Math.min(batchSize, captionCounts.length))
            items.forEach((item, i) => {
              expect(captions[i]).toBeLessThan(captionCounts[item]!)
            })
          }
          const firstEpoch = picks.filter((p) => p.epoch === 0).flatMap((p) => [...p.items])
          expect(new Set(firstEpoch).size).toBe(firstEpoch.length)
        },
      ),
    )
  })

  it('uses all captions and orders in the long run', () => {
    const sampler = createPairSampler([3, 3, 3, 3], 4, 1)
    const picks = Array.from({ length: 40 }, (_, step) => sampler.picksAt(step))
    expect(new Set(picks.map((p) => p.captions[0])).size).toBe(3)
    expect(new Set(picks.map((p) => p.items[0])).size).toBe(4)
  })

  it('needs two items', () => {
    expect(() => createPairSampler([1], 8, 0)).toThrow('at least two')
  })
})

describe('balancedOrder', () => {
  it('draws labels in equal parts, and no item twice in a batch', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -1, max: 4 }), { minLength: 8, maxLength: 60 }),
        fc.integer({ min: 2, max: 16 }),
        fc.integer({ min: 1, max: 5 }),
        fc.integer(),
        (drawn, wanted, perLabel, seed) => {
          const labels = Int32Array.from([0, 1, ...drawn])
          const batchSize = Math.min(wanted, labels.length)
          const order = balancedOrder({ labels, batchSize, perLabel, seed })
          const [items, again] = [order(3), order(3)]
          expect(again).toEqual(items)
          for (let start = 0; start < items.length; start += batchSize) {
            expect(new Set(items.slice(start, start + batchSize)).size).toBe(batchSize)
          }
        },
      ),
    )
  })

  it('gives a rare label as many places as a common one', () => {
    const labels = Int32Array.from({ length: 400 }, (_, i) => (i < 8 ? 1 : i < 20 ? -1 : 2))
    const order = balancedOrder({ labels, batchSize: 12, perLabel: 4, seed: 5 })
    const counts = new Map<number, number>()
    for (const item of [0, 1, 2].flatMap((epoch) => [...order(epoch)])) {
      counts.set(labels[item]!, (counts.get(labels[item]!) ?? 0) + 1)
    }
    const [least, most] = [Math.min(...counts.values()), Math.max(...counts.values())]
    expect(counts.size).toBe(3)
    expect(most - least).toBeLessThanOrEqual(12)
    expect(order(0)).not.toEqual(order(1))
  })

  it('needs two labels', () => {
    const labels = Int32Array.of(0, 0, -1, -1)
    expect(() => balancedOrder({ labels, batchSize: 2, perLabel: 1, seed: 1 })).toThrow(
      '--balanced: the pictures have fewer than two labels',
    )
  })
})

describe('groups', () => {
  it('link what shares a caption or a label, also through others', () => {
    const captions = numberTexts(['a dog', 'A dog.', 'cat', 'lion', 'car'].map(normaliseCaption))
    const labels = numberTexts([undefined, 'animal', 'pet', 'animal', undefined])
    const groups = linkGroups(5, [captions, labels])
    expect(groups[0]).toBe(groups[1])
    expect(groups[1]).toBe(groups[3])
    expect(new Set([groups[0], groups[2], groups[4]]).size).toBe(3)
  })

  it('are the connected components of any links', () => {
    const key = fc.integer({ min: -1, max: 5 })
    fc.assert(
      fc.property(fc.array(fc.tuple(key, key), { minLength: 1, maxLength: 25 }), (pairs) => {
        const keys = [0, 1].map((k) => Int32Array.from(pairs, (pair) => pair[k]!))
        const groups = linkGroups(pairs.length, keys)
        const reached = pairs.map((_, start) => reachable(pairs, start))
        pairs.forEach((_, a) => {
          pairs.forEach((_, b) => {
            expect(groups[a] === groups[b]).toBe(reached[a]!.has(b))
          })
        })
      }),
    )
  })
})

/** All indices that can be reached from `start` over shared keys. */
function reachable(pairs: readonly (readonly [number, number])[], start: number): Set<number> {
  const seen = new Set([start])
  for (const current of seen) {
    pairs.forEach((pair, other) => {
      const linked = pair.some((key, k) => key >= 0 && key === pairs[current]![k])
      if (linked) seen.add(other)
    })
  }
  return seen
}
