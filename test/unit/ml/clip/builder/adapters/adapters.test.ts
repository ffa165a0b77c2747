/** A model with a merged adapter gives what the adapter makes of the model's embeddings. */
import { describe, expect, it } from 'vitest'
import { buildAdapterTowers } from '../../../../../../main/ml/clip/builder/adapters/adapterTowers.js'
import { addLinearAdapter } from '../../../../../../main/ml/clip/builder/adapters/addLinearAdapter.js'
import {
  type LinearChange,
  mergeLinear,
} from '../../../../../../main/ml/clip/builder/adapters/mergeLinear.js'
import { adapterKinds } from '../../../../../../main/ml/clip/builder/adapters/table.js'
import { withParameters } from '../../../../../../main/ml/clip/builder/withParameters.js'
import type { Graph } from '../../../../../../main/ml/onnx/graph.js'
import { float, GraphBuilder } from '../../../../../../main/ml/onnx/graphBuilder.js'
import { writeModel } from '../../../../../../main/ml/onnx/writeModel.js'
import { openSession } from '../../../../../../main/ml/runtime/openSession.js'

const [from, to, batch] = [5, 4, 3]

function noise(length: number, seed: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => Math.sin(12.9898 * (i + 1) * seed))
}

const adapter: LinearChange = { residual: noise(to * to, 3), bias: noise(to, 5) }
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

describe('mergeLinear', () => {
  it.each(Object.entries(endings))('adapts what ends in %s', async (name, write) => {
    const graph = graphOf(write)
    const merged = mergeLinear(graph, 'image_embeds', adapter)
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
    const twice = mergeLinear(mergeLinear(graph, 'image_embeds', adapter), 'image_embeds', adapter)
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
    expect(() => mergeLinear(graph, 'image_embeds', small)).toThrow('3 dimensions')
    expect(() => mergeLinear(graph, 'nothing', adapter)).toThrow('nothing')
  })
})

describe('addLinearAdapter', () => {
  it.each(Object.entries(endings))('does after %s what merging does', async (_, write) => {
    const graph = graphOf(write)
    const { graph: added, names } = addLinearAdapter(graph, 'image_embeds', to)
    expect(await embed(added)).toEqual(await embed(graph))
    const { residual, bias } = adapter
    const weights = new Map([[names.residual, residual] as const, [names.bias, bias] as const])
    const wanted = await embed(mergeLinear(graph, 'image_embeds', adapter))
    const trained = await embed(withParameters(added, weights))
    wanted.forEach((value, i) => {
      expect(trained[i]).toBeCloseTo(value, 5)
    })
  })
})

describe.each(['linear', 'mlp'] as const)('the adapter %s', (head) => {
  const kind = adapterKinds[head]
  const dims = { head, seed: 3, imageDim: to, textDim: to, logitScaleInit: 3 }
  const { image } = buildAdapterTowers(dims)
  const y = noise(batch * to, 7)
  const weights = new Map(
    image.trainable.map((name, i) => {
      return [name, noise(image.graph.initializers.get(name)!.data.length, i + 2)] as const
    }),
  )
  const scale = 2.5
  const trained = kind.read((name) => weights.get(name)!, scale)
  /** What was trained makes of the rows divided by the scale. */
  const expected = async (rows: readonly number[]) => {
    const divided = Float32Array.from(rows, (value) => value / scale)
    const graph = withParameters(image.graph, weights)
    const adapted = await embed(graph, 'features', divided, to)
    return adapted.map((value) => value * scale)
  }

  it('starts as the identity', async () => {
    expect(await embed(image.graph, 'features', y, to)).toEqual(Array.from(y))
  })

  it('changes rows as was trained', async () => {
    const changed = trained.change(y).map((value, i) => value + y[i]!)
    const wanted = await expected(Array.from(y))
    wanted.forEach((value, i) => {
      expect(changed[i]).toBeCloseTo(value, 4)
    })
  })

  it.each(Object.entries(endings))(
    'is built in behind %s, in full or in part',
    async (_, write) => {
      const graph = graphOf(write)
      const plain = await embed(graph)
      const wanted = await expected(plain)
      for (const share of [1, 0.3]) {
        const merged = await embed(trained.merge(graph, 'image_embeds', share))
        plain.forEach((value, i) => {
          expect(merged[i]).toBeCloseTo(value + share * (wanted[i]! - value), 4)
        })
      }
    },
  )

  it('is built in twice', async () => {
    const graph = graphOf(endings.MatMul!)
    const merge = (to: Graph) => trained.merge(to, 'image_embeds', 1)
    const actual = await embed(merge(merge(graph)))
    const wanted = await expected(await expected(await embed(graph)))
    wanted.forEach((value, i) => {
      expect(actual[i]! / value).toBeCloseTo(1, 3)
    })
  })

  it('refuses embeddings of another size', () => {
    const b = new GraphBuilder('wide')
    const value = b.op('Identity', [b.input('x', 'float32', ['batch', to + 1])])
    b.output(value, 'float32', ['batch', to + 1], 'image_embeds')
    expect(() => trained.merge(b.build(), 'image_embeds', 1)).toThrow(`${to} dimensions`)
  })

  it('takes only weights that the graph has', () => {
    const wrong = new Map([[image.trainable[0]!, new Float32Array(3)]])
    expect(() => withParameters(image.graph, wrong)).toThrow(image.trainable[0]!)
  })
})
