/** Holds a loss's graph and gradients to its closed form and to finite differences of that. */
import { expect } from 'vitest'
import { buildGradient } from '../../../../../main/ml/autodiff/buildGradient.js'
import { simplify } from '../../../../../main/ml/onnx/simplify.js'
import type { Tensors } from '../../../../../main/ml/runtime/session.js'
import { createLoss } from '../../../../../main/ml/training/losses/table.js'
import { pairObjective } from '../../../../../main/ml/training/objectives/pairs.js'
import { type LossSpec, lossSpecSchema } from '../../../../../shared/domain/losses.js'
import { openGraph } from '../../../../support/gradientCheck.js'
import { type Matrix, mapped, type Row } from './matrices.js'

export const [batch, dim] = [6, 5]
export const groups: Row = [0, 1, 0, 2, 1, 0]

/** What a loss is a function of. */
export interface Point {
  readonly first: Matrix
  readonly second: Matrix
  readonly groups: Row
  /** The loss's own parameters; scalars have one entry. */
  readonly parameters: Readonly<Record<string, Row>>
}

export interface ClosedForm {
  value(point: Point): number
  /** By `first`, `second` and each parameter. */
  gradients(point: Point): Readonly<Record<string, Row>>
}

export const noise = (seed: number, rows = batch, columns = dim): Matrix =>
  Array.from({ length: rows }, (_, i) =>
    Array.from({ length: columns }, (_, j) =>
      Math.fround(Math.sin(12.9898 * (i * columns + j + 1) * seed)),
    ),
  )

/** Embeddings of pairs that are alike, but not the same. */
export function samplePoint(parameters: Point['parameters'] = {}): Point {
  const first = noise(1.3)
  const other = noise(2.7)
  const second = mapped(first, (x, i, j) => Math.fround(0.4 * x + 0.6 * other[i]![j]!))
  return { first, second, groups, parameters }
}

const inputs = { first: 'image_embeds', second: 'text_embeds' } as const
const start = { embeddingDim: dim, logitScale: 1, logitBias: null }

/** The loss and its gradients, by `first`, `second` and its parameters' names. */
export async function runLoss(spec: LossSpec, point: Point): Promise<Record<string, Row>> {
  const objective = pairObjective(createLoss(spec))
  const float = (dims: readonly number[], values: Row) =>
    ({ type: 'float32', dims, data: Float32Array.from(values) }) as const
  const feeds: Tensors = {
    image_embeds: float([batch, dim], point.first.flat()),
    text_embeds: float([batch, dim], point.second.flat()),
  }
  for (const { name, initial } of objective.parameters) {
    feeds[name] = float(initial(start).dims, point.parameters[name]!)
  }
  if (objective.groups.length > 0) {
    const data = BigInt64Array.from(point.groups.map(BigInt))
    feeds.groups = { type: 'int64', dims: [batch], data }
  }
  const inputShapes = Object.fromEntries(Object.entries(feeds).map(([n, t]) => [n, t.dims]))
  const wrt = [inputs.first, inputs.second, ...objective.parameters.map(({ name }) => name)]
  const graph = buildGradient(simplify(objective.build(start), { inputShapes, keep: wrt }), {
    wrt,
    outputs: ['loss'],
    inputShapes,
    cotangents: 'ones',
  })
  const session = await openGraph(graph)
  const outputs = await session.run(feeds)
  await session.dispose()
  const read = (name: string) => Array.from(outputs[name]!.data as Float32Array)
  const gradients = wrt.map((name): [string, Row] => [keyOf(name), read(`gradient/${name}`)])
  return { loss: read('loss'), ...Object.fromEntries(gradients) }
}

function keyOf(name: string): string {
  return Object.entries(inputs).find(([, input]) => input === name)?.[0] ?? name
}

/** Fails unless the graph, the closed form and its finite differences agree. */
export async function checkLoss(
  spec: LossSpec | LossSpec['name'],
  form: ClosedForm,
  point: Point,
): Promise<void> {
  const { loss, ...computed } = await runLoss(lossSpecSchema.parse(spec), point)
  const value = form.value(point)
  expect(value).toBeGreaterThan(0)
  expect(loss![0]).toBeCloseTo(value, 4)
  const closed = form.gradients(point)
  expect(Object.keys(closed).sort()).toEqual(Object.keys(computed).sort())
  for (const [name, gradient] of Object.entries(closed)) {
    expect(Math.hypot(...gradient), `${name} is learned`).toBeGreaterThan(1e-3)
    expectClose(computed[name]!, gradient, name)
    expectClose(slopes(form, point, name), gradient, `differences of ${name}`)
  }
}

function slopes(form: ClosedForm, point: Point, name: string): number[] {
  const length =
    name === 'first' || name === 'second' ? batch * dim : point.parameters[name]!.length
  const step = 1e-5
  return Array.from({ length }, (_, k) => {
    const at = (by: number) => form.value(moved(point, name, k, by))
    return (at(step) - at(-step)) / (2 * step)
  })
}

function moved(point: Point, name: string, place: number, by: number): Point {
  if (name === 'first' || name === 'second') {
    const shifted = mapped(point[name], (x, i, j) => (i * dim + j === place ? x + by : x))
    return { ...point, [name]: shifted }
  }
  const values = point.parameters[name]!.map((x, k) => (k === place ? x + by : x))
  return { ...point, parameters: { ...point.parameters, [name]: values } }
}

export function expectClose(actual: Row, expected: Row, name = ''): void {
  expect(actual.length, name).toBe(expected.length)
  const size = Math.max(1, ...expected.map(Math.abs))
  const worst = Math.max(...expected.map((x, i) => Math.abs(x - actual[i]!)))
  expect(worst, name).toBeLessThan(2e-5 * size)
}
