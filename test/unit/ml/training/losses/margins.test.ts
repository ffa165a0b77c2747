/** The contrastive and the triplet loss: hinges on cosines. */
import { describe, expect, it } from 'vitest'
import { tripletMinings } from '../../../../../shared/domain/losses.js'
import { batch, type ClosedForm, checkLoss, type Point, runLoss, samplePoint } from './checkLoss.js'
import {
  cosines,
  equal,
  type Matrix,
  mapped,
  sumOf,
  throughUnit,
  times,
  transpose,
  units,
} from './matrices.js'

/** The gradients by both sides of a loss of cosines, given the one by the cosines. */
function throughCosines({ first, second }: Point, g: Matrix) {
  return {
    first: throughUnit(first, times(g, units(second))).flat(),
    second: throughUnit(second, times(transpose(g), units(first))).flat(),
  }
}

describe('contrastive', () => {
  const margin = 0.7
  const m = Math.sqrt(2 * margin)
  const parts = ({ first, second, groups }: Point) => {
    const y = equal(groups)
    const d = mapped(cosines(first, second), (s) => Math.sqrt(Math.max(2 - 2 * s, 1e-12)))
    return { y, d }
  }
  /** 1/B sum (y d^2 + (1 - y) max(0, m - d)^2) / 2 */
  const form: ClosedForm = {
    value(point) {
      const { y, d } = parts(point)
      const terms = mapped(d, (x, i, j) => (y[i]![j] ? x ** 2 : Math.max(0, m - x) ** 2))
      return sumOf(terms) / (2 * batch)
    },
    /** dL/dd = (y d - (1 - y) max(0, m - d)) / B, and dd/ds = -1/d. */
    gradients(point) {
      const { y, d } = parts(point)
      const g = mapped(d, (x, i, j) => (y[i]![j] ? -x : Math.max(0, m - x)) / (x * batch))
      return throughCosines(point, g)
    },
  }

  it('is the closed form, with its gradients', () =>
    checkLoss({ name: 'contrastive', margin }, form, samplePoint()))

  it('bears pairs that are the same, and a batch of one group', async () => {
    const point = samplePoint()
    const same = { ...point, second: point.first, groups: point.groups.map(() => 1) }
    const outputs = await runLoss({ name: 'contrastive', margin }, same)
    expect(Object.values(outputs).flat().every(Number.isFinite)).toBe(true)
  })
})

describe('triplet', () => {
  const margin = 0.6
  const indices = Array.from({ length: batch }, (_, i) => i)
  const best = (of: readonly number[], by: (i: number) => number) =>
    of.reduce((found, i) => (by(i) > by(found) ? i : found))

  /** The positive and the negatives that anchor i's hinges compare, by mining. */
  function chosen(
    mining: (typeof tripletMinings)[number],
    s: Matrix,
    groups: Point['groups'],
    i: number,
  ) {
    const row = s[i]!
    const positives = indices.filter((j) => groups[j] === groups[i])
    const others = indices.filter((j) => groups[j] !== groups[i])
    const hardest = best(others, (j) => row[j]!)
    const easier = others.filter((j) => row[j]! < row[i]!)
    switch (mining) {
      case 'all':
        return { positive: i, negatives: others }
      case 'max-of-hinges':
        return { positive: i, negatives: [hardest] }
      case 'hard':
        return { positive: best(positives, (j) => -row[j]!), negatives: [hardest] }
      case 'semi-hard': {
        const some = easier.length > 0
        const negative = some ? best(easier, (j) => row[j]!) : best(others, (j) => -row[j]!)
        return { positive: i, negatives: [negative] }
      }
    }
  }

  const form = (mining: (typeof tripletMinings)[number]): ClosedForm => {
    const hinges = ({ first, second, groups }: Point) =>
      [false, true].flatMap((flipped) => {
        const s = cosines(first, second)
        const side = flipped ? transpose(s) : s
        return indices.flatMap((i) => {
          const { positive, negatives } = chosen(mining, side, groups, i)
          return negatives.map((negative) => {
            const value = Math.max(0, margin + side[i]![negative]! - side[i]![positive]!)
            return { flipped, anchor: i, positive, negative, value }
          })
        })
      })
    return {
      value: (point) => hinges(point).reduce((sum, { value }) => sum + value, 0) / batch,
      /** 1/B on the negative and -1/B on the positive of every active hinge. */
      gradients(point) {
        const g = indices.map(() => indices.map(() => 0))
        for (const { flipped, anchor, positive, negative, value } of hinges(point)) {
          if (value === 0) continue
          const add = (other: number, by: number) => {
            const [i, j] = flipped ? [other, anchor] : [anchor, other]
            g[i]![j]! += by / batch
          }
          add(negative, 1)
          add(positive, -1)
        }
        return throughCosines(point, g)
      },
    }
  }

  it.each(tripletMinings)('is the closed form, with its gradients: %s', (mining) =>
    checkLoss({ name: 'triplet', margin, mining }, form(mining), samplePoint()),
  )

  it('tells the minings apart', async () => {
    const values = tripletMinings.map((mining) => form(mining).value(samplePoint()))
    expect(new Set(values.map((value) => value.toFixed(6))).size).toBe(tripletMinings.length)
  })

  it.each(tripletMinings)('is nothing for a batch without negatives: %s', async (mining) => {
    const point = { ...samplePoint(), groups: [1, 1, 1, 1, 1, 1] }
    const outputs = await runLoss({ name: 'triplet', margin, mining }, point)
    expect(outputs.loss).toEqual([0])
    expect(
      Object.values(outputs)
        .flat()
        .every((x) => x === 0),
    ).toBe(true)
  })
})
