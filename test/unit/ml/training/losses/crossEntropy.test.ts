/** InfoNCE, its multi-positive form, and N-pair: softmax cross-entropy in both directions. */
import { describe, expect, it } from 'vitest'
import {
  batch,
  type ClosedForm,
  checkLoss,
  expectClose,
  type Point,
  runLoss,
  samplePoint,
} from './checkLoss.js'
import {
  cosines,
  dot,
  equal,
  identity,
  logSoftmax,
  type Matrix,
  mapped,
  products,
  shared,
  softmax,
  sumOf,
  throughUnit,
  times,
  transpose,
  units,
} from './matrices.js'

/** Mean over both directions of the cross-entropy against q. */
function entropy(logits: Matrix, q: Matrix): number {
  const direction = (m: Matrix) => -sumOf(mapped(logSoftmax(m), (x, i, j) => x * q[i]![j]!))
  return (direction(logits) + direction(transpose(logits))) / (2 * batch)
}

/** (P_r + P_c - Q - Q') / 2B */
function entropyGradient(logits: Matrix, q: Matrix): Matrix {
  const rows = softmax(logits)
  const columns = transpose(softmax(transpose(logits)))
  return mapped(
    logits,
    (_, i, j) => (rows[i]![j]! + columns[i]![j]! - q[i]![j]! - q[j]![i]!) / (2 * batch),
  )
}

/** G = a (P_r + P_c - Q - Q') / 2B by the cosines; dtheta = sum G o S. */
const scaledForm = (targets: (point: Point) => Matrix): ClosedForm => {
  const parts = (point: Point) => {
    const s = cosines(point.first, point.second)
    const scale = Math.exp(point.parameters.logit_scale![0]!)
    return { s, scale, logits: mapped(s, (x) => scale * x), q: targets(point) }
  }
  return {
    value(point) {
      const { logits, q } = parts(point)
      return entropy(logits, q)
    },
    gradients(point) {
      const { s, scale, logits, q } = parts(point)
      const g = mapped(entropyGradient(logits, q), (x) => scale * x)
      return {
        first: throughUnit(point.first, times(g, units(point.second))).flat(),
        second: throughUnit(point.second, times(transpose(g), units(point.first))).flat(),
        logit_scale: [g.reduce((sum, row, i) => sum + dot(row, s[i]!), 0)],
      }
    },
  }
}
const theta = { logit_scale: [2.2] }

describe.each([
  ['infonce', scaledForm(() => identity(batch))],
  ['multi-positive', scaledForm((point) => shared(equal(point.groups)))],
] as const)('%s', (name, form) => {
  it('is the closed form, with its gradients', () => checkLoss(name, form, samplePoint(theta)))

  it('does not depend on the lengths of the embeddings, and bears a zero one', async () => {
    const point = samplePoint(theta)
    const long = { ...point, first: mapped(point.first, (x) => 1000 * x) }
    const spec = { name, temperature: null }
    const [one, other] = [await runLoss(spec, point), await runLoss(spec, long)]
    expectClose(other.loss!, one.loss!)
    const zeroed = {
      ...point,
      first: point.first.map((row, i) => (i === 0 ? row.map(() => 0) : row)),
    }
    expect(
      Object.values(await runLoss(spec, zeroed))
        .flat()
        .every(Number.isFinite),
    ).toBe(true)
  })
})

it('multi-positive with every pair alone is InfoNCE', async () => {
  const point = { ...samplePoint(theta), groups: [0, 1, 2, 3, 4, 5] }
  const alone = await runLoss({ name: 'multi-positive', temperature: null }, point)
  const infonce = await runLoss({ name: 'infonce', temperature: null }, point)
  for (const [name, values] of Object.entries(infonce)) expectClose(alone[name]!, values, name)
})

describe('n-pair', () => {
  const l2Weight = 0.05
  const form: ClosedForm = {
    value({ first, second, groups }) {
      const lengths = sumOf(mapped(first, (x) => x * x)) + sumOf(mapped(second, (x) => x * x))
      const q = shared(equal(groups))
      return entropy(products(first, second), q) + (l2Weight * lengths) / (2 * batch)
    },
    /** dX = G Y + w X / B */
    gradients({ first, second, groups }) {
      const g = entropyGradient(products(first, second), shared(equal(groups)))
      const by = (own: Matrix, pull: Matrix) =>
        mapped(pull, (x, i, k) => x + (l2Weight * own[i]![k]!) / batch).flat()
      return {
        first: by(first, times(g, second)),
        second: by(second, times(transpose(g), first)),
      }
    },
  }

  it('is the closed form, with its gradients', () =>
    checkLoss({ name: 'n-pair', l2Weight }, form, samplePoint()))

  it('takes lengths into account', async () => {
    const point = samplePoint()
    const longer = { ...point, first: mapped(point.first, (x) => 3 * x) }
    const [one, other] = [
      await runLoss({ name: 'n-pair', l2Weight }, point),
      await runLoss({ name: 'n-pair', l2Weight }, longer),
    ]
    expect(Math.abs(one.loss![0]! - other.loss![0]!)).toBeGreaterThan(0.01)
  })
})
