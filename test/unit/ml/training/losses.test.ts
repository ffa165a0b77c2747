/** Each loss against its closed form, its closed-form gradient, and finite differences, in float64. */
import { describe, expect, it } from 'vitest'
import { buildGradient } from '../../../../main/ml/autodiff/buildGradient.js'
import { simplify } from '../../../../main/ml/onnx/simplify.js'
import { writeModel } from '../../../../main/ml/onnx/writeModel.js'
import { openSession } from '../../../../main/ml/runtime/openSession.js'
import type { Tensors } from '../../../../main/ml/runtime/session.js'
import type { Loss } from '../../../../main/ml/training/losses/loss.js'
import { losses } from '../../../../main/ml/training/losses/table.js'

const [batch, dim] = [6, 5]
const theta = 2.2
const groups = [0, 1, 0, 2, 1, 0]

type Matrix = readonly (readonly number[])[]

const noise = (seed: number): Matrix =>
  Array.from({ length: batch }, (_, i) =>
    Array.from({ length: dim }, (_, j) =>
      Math.fround(Math.sin(12.9898 * (i * dim + j + 1) * seed)),
    ),
  )
const images = noise(1.3)
const texts = noise(2.7)

/** Target distributions by loss name. */
const targets: Record<keyof typeof losses, Matrix> = {
  infonce: images.map((_, i) => images.map((_, j) => Number(i === j))),
  'multi-positive': groups.map((group) => {
    const row = groups.map((other) => Number(other === group))
    const count = row.reduce((a, b) => a + b, 0)
    return row.map((value) => value / count)
  }),
}

const dot = (a: readonly number[], b: readonly number[]) => a.reduce((s, v, i) => s + v * b[i]!, 0)
const unit = (v: readonly number[]) => v.map((x) => x / Math.hypot(...v))
const transpose = (m: Matrix): Matrix => m[0]!.map((_, j) => m.map((row) => row[j]!))
const softmax = (m: Matrix): Matrix =>
  m.map((row) => {
    const e = row.map((x) => Math.exp(x - Math.max(...row)))
    return e.map((x) => x / e.reduce((a, b) => a + b, 0))
  })
const cosines = (u: Matrix, v: Matrix): Matrix => u.map((a) => v.map((b) => dot(unit(a), unit(b))))
const scaled = (m: Matrix, factor: number): Matrix => m.map((row) => row.map((x) => x * factor))

function lossOf(u: Matrix, v: Matrix, logScale: number, q: Matrix): number {
  const logits = scaled(cosines(u, v), Math.exp(logScale))
  const direction = (m: Matrix) =>
    softmax(m).reduce((sum, row, i) => sum - dot(q[i]!, row.map(Math.log)), 0) / batch
  return (direction(logits) + direction(transpose(logits))) / 2
}

/** G = a (P_r + P_c - Q - Q') / 2B; du = (g - u^ (u^ . g)) / |u| with g = G v^; dtheta = sum G o S. */
function gradientsOf(q: Matrix) {
  const s = cosines(images, texts)
  const a = Math.exp(theta)
  const rows = softmax(scaled(s, a))
  const columns = transpose(softmax(transpose(scaled(s, a))))
  const g = s.map((row, i) =>
    row.map((_, j) => (a * (rows[i]![j]! + columns[i]![j]! - q[i]![j]! - q[j]![i]!)) / (2 * batch)),
  )
  const towards = (m: Matrix, own: Matrix, other: Matrix) =>
    own.map((v, i) => {
      const direction = unit(v)
      const pull = v.map((_, k) => m[i]!.reduce((sum, x, j) => sum + x * unit(other[j]!)[k]!, 0))
      return pull.map((x, k) => (x - direction[k]! * dot(direction, pull)) / Math.hypot(...v))
    })
  return {
    image_embeds: towards(g, images, texts).flat(),
    text_embeds: towards(transpose(g), texts, images).flat(),
    logit_scale: [g.reduce((sum, row, i) => sum + dot(row, s[i]!), 0)],
  }
}

async function run(loss: Loss, u: Matrix, v: Matrix, labels: readonly number[]) {
  const float32 = (m: Matrix) =>
    ({ type: 'float32', dims: [m.length, dim], data: Float32Array.from(m.flat()) }) as const
  const feeds: Tensors = {
    image_embeds: float32(u),
    text_embeds: float32(v),
    logit_scale: { type: 'float32', dims: [], data: Float32Array.of(theta) },
  }
  if (loss.usesGroups) {
    const data = BigInt64Array.from(labels.map(BigInt))
    feeds.groups = { type: 'int64', dims: [labels.length], data }
  }
  const inputShapes = Object.fromEntries(Object.entries(feeds).map(([n, t]) => [n, t.dims]))
  const wrt = ['image_embeds', 'text_embeds', 'logit_scale']
  const graph = buildGradient(simplify(loss.build(), { inputShapes }), {
    wrt,
    outputs: ['loss'],
    inputShapes,
    cotangents: 'ones',
  })
  const session = await openSession(writeModel(graph), { device: 'cpu', threads: 1 })
  const outputs = await session.run(feeds)
  await session.dispose()
  return Object.fromEntries(
    Object.entries(outputs).map(([n, t]) => [n, Array.from(t.data as Float32Array)]),
  )
}

function expectClose(actual: readonly number[], expected: readonly number[], digits: number) {
  expect(actual.length).toBe(expected.length)
  expected.forEach((value, i) => {
    expect(actual[i]).toBeCloseTo(value, digits)
  })
}

describe.each(Object.entries(losses))('%s', (name, loss) => {
  const q = targets[name as keyof typeof losses]

  it('is the closed form, with its gradients', async () => {
    const outputs = await run(loss, images, texts, groups)
    expect(outputs.loss![0]).toBeCloseTo(lossOf(images, texts, theta, q), 5)
    for (const [input, gradient] of Object.entries(gradientsOf(q))) {
      expectClose(outputs[`gradient/${input}`]!, gradient, 5)
    }
  })

  it('has the gradients of finite differences', async () => {
    const outputs = await run(loss, images, texts, groups)
    const step = 1e-5
    const nudge = (m: Matrix, k: number, by: number): Matrix =>
      m.map((row, i) => row.map((x, j) => (i * dim + j === k ? x + by : x)))
    const slope = (f: (by: number) => number) => (f(step) - f(-step)) / (2 * step)
    const places = Array.from({ length: batch * dim }, (_, k) => k)
    const byImages = places.map((k) => slope((h) => lossOf(nudge(images, k, h), texts, theta, q)))
    const byTexts = places.map((k) => slope((h) => lossOf(images, nudge(texts, k, h), theta, q)))
    expectClose(outputs['gradient/image_embeds']!, byImages, 5)
    expectClose(outputs['gradient/text_embeds']!, byTexts, 5)
    const byTheta = [slope((h) => lossOf(images, texts, theta + h, q))]
    expectClose(outputs['gradient/logit_scale']!, byTheta, 5)
  })

  it('does not depend on the lengths of the embeddings, and bears a zero one', async () => {
    const [once, long] = [await run(loss, images, texts, groups), scaled(images, 1000)]
    expect((await run(loss, long, texts, groups)).loss![0]).toBeCloseTo(once.loss![0]!, 5)
    const zeroed = images.map((row, i) => (i === 0 ? row.map(() => 0) : row))
    const outputs = await run(loss, zeroed, texts, groups)
    expect(Object.values(outputs).flat().every(Number.isFinite)).toBe(true)
  })
})

it('multi-positive with every pair alone is InfoNCE', async () => {
  const alone = await run(losses['multi-positive'], images, texts, [0, 1, 2, 3, 4, 5])
  const infonce = await run(losses.infonce, images, texts, groups)
  for (const [name, values] of Object.entries(infonce)) expectClose(alone[name]!, values, 6)
})
