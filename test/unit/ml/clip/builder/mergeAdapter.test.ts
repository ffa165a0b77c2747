/** A model with a merged adapter gives what the adapter makes of the model's embeddings. */
import { describe, expect, it } from 'vitest'
import { type Adapter, mergeAdapter } from '../../../../../main/ml/clip/builder/mergeAdapter.js'
import { buildResidualAdapters } from '../../../../../main/ml/clip/builder/residualAdapters.js'
import { withParameters } from '../../../../../main/ml/clip/builder/withParameters.js'
import type { Graph } from '../../../../../main/ml/onnx/graph.js'
import { float, GraphBuilder } from '../../../../../main/ml/onnx/graphBuilder.js'
import { writeModel } from '../../../../../main/ml/onnx/writeModel.js'
import { openSession } from '../../../../../main/ml/runtime/openSession.js'

const [from, to, batch] = [5, 4, 3]

function noise(length: number, seed: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => Math.sin(12.9898 * (i + 1) * seed))
}

const adapter: Adapter = { residual: noise(to * to, 3), bias: noise(to, 5) }
const x = noise(batch * from, 2)

/** A graph from `x` to `image_embeds`, ended by `write`. */
function graphOf(write: (b: GraphBuilder, x: string) => string): Graph {
  const b = new GraphBuilder('test')
  const value = write(b, b.input('x', 'float32', ['batch', from]))
  b.output(value, 'float32', ['batch', to], 'image_embeds')
  return b.build()
}

function weight(b: GraphBuilder, name: string, dims: number[]): string {
  const length = dims.reduce((p, q) => p * q, 1)
  return b.initializer(name, { type: 'float32', dims, data: noise(length, name.length) })
}

async function embed(graph: Graph, name = 'x', data = x, width = from): Promise<number[]> {
  const session = await openSession(writeModel(graph), { device: 'cpu', threads: 1 })
  const outputs = await session.run({ [name]: { type: 'float32', dims: [batch, width], data } })
  await session.dispose()
  return Array.from(outputs.image_embeds!.data as Float32Array)
}

/** y (I + R) + b in float64. */
function adapt(y: readonly number[]): number[] {
  return y.map((value, index) => {
    const [row, column] = [Math.floor(index / to), index % to]
    let sum = value + adapter.bias[column]!
    for (let k = 0; k < to; k++) sum += y[row * to + k]! * adapter.residual[k * to + column]!
    return sum
  })
}

const endings: Record<string, (b: GraphBuilder, x: string) => string> = {
  MatMul: (b, v) => b.op('MatMul', [v, weight(b, 'w', [from, to])]),
  'Gemm with bias': (b, v) =>
    b.op('Gemm', [v, weight(b, 'w', [from, to]), weight(b, 'bias', [to])]),
  'transposed and scaled Gemm': (b, v) =>
    b.op('Gemm', [v, weight(b, 'w', [to, from]), weight(b, 'bias', [to])], {
      transB: 1,
      alpha: float(0.5),
      beta: float(2),
    }),
  'Gemm with one bias for all': (b, v) =>
    b.op('Gemm', [v, weight(b, 'w', [from, to]), weight(b, 'one', [1])]),
  'another operator': (b, v) => b.op('Tanh', [b.op('MatMul', [v, weight(b, 'w', [from, to])])]),
  'a product that others use': (b, v) => {
    const product = b.op('MatMul', [v, weight(b, 'w', [from, to])])
    b.output(b.op('Neg', [product]), 'float32', ['batch', to], 'negative')
    return product
  },
}

describe('mergeAdapter', () => {
  it.each(Object.entries(endings))('adapts what ends in %s', async (name, write) => {
    const graph = graphOf(write)
    const merged = mergeAdapter(graph, 'image_embeds', adapter)
    const expected = adapt(await embed(graph))
    const actual = await embed(merged)
    expected.forEach((value, i) => {
      expect(actual[i]).toBeCloseTo(value, 5)
    })
    const appended = merged.nodes.length - graph.nodes.length
    expect(appended).toBe(name.startsWith('a') ? 1 : 0)
  })

  it('merges again into what it merged or appended', async () => {
    const graph = graphOf(endings['another operator']!)
    const twice = mergeAdapter(
      mergeAdapter(graph, 'image_embeds', adapter),
      'image_embeds',
      adapter,
    )
    const expected = adapt(adapt(await embed(graph)))
    const actual = await embed(twice)
    expected.forEach((value, i) => {
      expect(actual[i]).toBeCloseTo(value, 4)
    })
    expect(twice.nodes.length).toBe(graph.nodes.length + 1)
  })

  it('refuses an adapter of another size', () => {
    const small = { residual: new Float32Array(9), bias: new Float32Array(3) }
    const graph = graphOf(endings.MatMul!)
    expect(() => mergeAdapter(graph, 'image_embeds', small)).toThrow('3 dimensions')
    expect(() => mergeAdapter(graph, 'nothing', adapter)).toThrow('nothing')
  })
})

describe('buildResidualAdapters', () => {
  const dims = { imageDim: to, textDim: to, logitScaleInit: 3 }

  it('starts as the identity', async () => {
    const y = noise(batch * to, 7)
    const { image } = buildResidualAdapters(dims)
    expect(await embed(image.graph, 'features', y, to)).toEqual(Array.from(y))
  })

  it('means what mergeAdapter builds in', async () => {
    const { image } = buildResidualAdapters(dims)
    const trained = withParameters(image.graph, new Map(Object.entries({ ...adapter })))
    const y = noise(batch * to, 7)
    const actual = await embed(trained, 'features', y, to)
    adapt(Array.from(y)).forEach((value, i) => {
      expect(actual[i]).toBeCloseTo(value, 5)
    })
  })

  it('takes only weights that the graph has', () => {
    const { image } = buildResidualAdapters(dims)
    const wrong = new Map([['residual', new Float32Array(3)]])
    expect(() => withParameters(image.graph, wrong)).toThrow('residual')
  })
})
