/** NT-Xent, SupCon and GMC: every embedding of a batch against all others. */
import { describe, expect, it } from 'vitest'
import { createLoss } from '../../../../../main/ml/training/losses/table.js'
import {
  batch,
  type ClosedForm,
  checkLoss,
  dim,
  expectClose,
  noise,
  type Point,
  runLoss,
  samplePoint,
} from './checkLoss.js'
import {
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

const size = 2 * batch
const alone = Array.from({ length: batch }, (_, i) => i)

/** Logits of all rows with all others, and the targets M / |P|. */
function parts(rows: Matrix, numbers: readonly number[], temperature: number) {
  const u = units(rows)
  const logits = mapped(products(u, u), (x, i, j) => (i === j ? -1e9 : x / temperature))
  const same = equal([...numbers, ...numbers])
  const targets = shared(mapped(same, (x, i, j) => x - identity(size)[i]![j]!))
  return { u, logits, targets }
}

function viewLoss(rows: Matrix, numbers: readonly number[], temperature: number): number {
  const { logits, targets } = parts(rows, numbers, temperature)
  return -sumOf(mapped(logSoftmax(logits), (x, i, j) => x * targets[i]![j]!)) / size
}

/** G = (P - M/|P|) / (tau n); dZ = (G + G') Z. */
function viewGradient(rows: Matrix, numbers: readonly number[], temperature: number): Matrix {
  const { u, logits, targets } = parts(rows, numbers, temperature)
  const p = softmax(logits)
  const g = mapped(p, (x, i, j) => (x - targets[i]![j]!) / (temperature * size))
  const both = mapped(g, (x, i, j) => x + g[j]![i]!)
  return throughUnit(rows, times(both, u))
}

const viewForm = (temperature: number, numbersOf: (point: Point) => readonly number[]) => {
  const rowsOf = ({ first, second }: Point) => [...first, ...second]
  const form: ClosedForm = {
    value: (point) => viewLoss(rowsOf(point), numbersOf(point), temperature),
    gradients(point) {
      const gradient = viewGradient(rowsOf(point), numbersOf(point), temperature)
      return { first: gradient.slice(0, batch).flat(), second: gradient.slice(batch).flat() }
    },
  }
  return form
}

describe('nt-xent', () => {
  it('is the closed form, with its gradients', () =>
    checkLoss(
      { name: 'nt-xent', temperature: 0.3 },
      viewForm(0.3, () => alone),
      samplePoint(),
    ))
})

describe('supcon', () => {
  it('is the closed form, with its gradients', () =>
    checkLoss(
      { name: 'supcon', temperature: 0.2 },
      viewForm(0.2, (p) => p.groups),
      samplePoint(),
    ))

  it('with every pair alone is NT-Xent', async () => {
    const point = { ...samplePoint(), groups: alone }
    const supcon = await runLoss({ name: 'supcon', temperature: 0.2 }, point)
    const ntXent = await runLoss({ name: 'nt-xent', temperature: 0.2 }, point)
    for (const [name, values] of Object.entries(ntXent)) expectClose(supcon[name]!, values, name)
  })
})

describe('gmc', () => {
  const temperature = 0.4
  const jointOf = ({ first, second, parameters }: Point) => {
    const weight = parameters['joint.weight']!
    const rows = Array.from({ length: 2 * dim }, (_, i) => weight.slice(i * dim, (i + 1) * dim))
    const both = units(first).map((u, i) => [...u, ...units(second)[i]!])
    const joint = mapped(times(both, rows), (x, _, j) => x + parameters['joint.bias']![j]!)
    return { rows, both, joint }
  }
  const form: ClosedForm = {
    value(point) {
      const { joint } = jointOf(point)
      const loss = (side: Matrix) => viewLoss([...side, ...joint], alone, temperature)
      return loss(point.first) + loss(point.second)
    },
    gradients(point) {
      const { rows, both, joint } = jointOf(point)
      const [one, other] = [point.first, point.second].map((side) =>
        viewGradient([...side, ...joint], alone, temperature),
      )
      const byJoint = mapped(one!.slice(batch), (x, i, j) => x + other![batch + i]![j]!)
      const byBoth = times(byJoint, transpose(rows))
      const through = (side: Matrix, own: Matrix, from: number) => {
        const pull = throughUnit(
          side,
          byBoth.map((row) => row.slice(from, from + dim)),
        )
        return mapped(pull, (x, i, j) => x + own[i]![j]!).flat()
      }
      return {
        first: through(point.first, one!.slice(0, batch), 0),
        second: through(point.second, other!.slice(0, batch), dim),
        'joint.weight': times(transpose(both), byJoint).flat(),
        'joint.bias': transpose(byJoint).map((column) => column.reduce((sum, x) => sum + x, 0)),
      }
    },
  }

  it('is the closed form, with its gradients', () => {
    const weight = noise(0.7, 2 * dim, dim).flat()
    const point = samplePoint({ 'joint.weight': weight, 'joint.bias': noise(0.3, 1, dim).flat() })
    return checkLoss({ name: 'gmc', temperature }, form, point)
  })

  it('begins with the mean of both for the joint encoding', () => {
    const [weight] = createLoss({ name: 'gmc', temperature }).parameters
    const { dims, data } = weight!.initial({ embeddingDim: 2, logitScale: 0, logitBias: null })
    expect(dims).toEqual([4, 2])
    expect([...data]).toEqual([0.5, 0, 0, 0.5, 0.5, 0, 0, 0.5])
  })
})
