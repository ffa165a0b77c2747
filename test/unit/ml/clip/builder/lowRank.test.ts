import { describe, expect, it } from 'vitest'
import { architectureSchema } from '../../../../../main/ml/clip/architecture.js'
import { buildTowers } from '../../../../../main/ml/clip/builder/buildTowers.js'
import {
  findAttentions,
  findLinearLayers,
} from '../../../../../main/ml/clip/builder/lowRank/attentionLayers.js'
import { addLowRankAdapters } from '../../../../../main/ml/clip/builder/lowRank/lowRankAdapters.js'
import { mergeLowRank } from '../../../../../main/ml/clip/builder/lowRank/mergeLowRank.js'
import { withParameters } from '../../../../../main/ml/clip/builder/withParameters.js'
import type { Graph } from '../../../../../main/ml/onnx/graph.js'
import { GraphBuilder } from '../../../../../main/ml/onnx/graphBuilder.js'
import { createRandom } from '../../../../../main/ml/training/random.js'
import { renameValues } from '../../../../../main/ml/training/step/prefixGraph.js'
import { isAppError } from '../../../../../shared/errors.js'
import { checkGraphGradient } from '../../../../support/gradientCheck.js'
import { runGraph } from '../../onnx/runGraph.js'

const towers = buildTowers(
  architectureSchema.parse({
    image: {
      kind: 'vit',
      imageSize: 32,
      patchSize: 8,
      stages: [{ width: 32, layers: 3, heads: 2 }],
      pooling: 'cls',
    },
    text: { vocabSize: 100, contextLength: 12, width: 24, layers: 2, heads: 2 },
    embeddingDim: 16,
  }),
  { seed: 5 },
)

const options = { rank: 2, alpha: 4, blocks: null, layers: 'all', seed: 1 } as const
const random = createRandom(3)

function randoms(length: number, most = 1): Float32Array {
  return Float32Array.from({ length }, () => random.between(-most, most))
}

function addWeight(b: GraphBuilder, name: string, dims: readonly number[]): string {
  // So small that differences of attention after attention are near their slopes.
  const data = randoms(
    dims.reduce((a, c) => a * c, 1),
    0.6,
  )
  return b.initializer(name, { type: 'float32', dims, data })
}

/**
 * An attention over x [2, 5, 8] with two heads, its queries, keys and values from one weight; and so
 * often one after the other, with the same weights.
 */
function fusedAttention(split: 'Split' | 'Slice' | 'Gather', times = 1): Graph {
  const b = new GraphBuilder('fused')
  const weights = {
    qkv: addWeight(b, 'qkv', [8, 24]),
    bias: addWeight(b, 'bias', [24]),
    out: addWeight(b, 'out', [8, 8]),
  }
  let x = b.input('x', 'float32', [2, 5, 8])
  for (let i = 0; i < times; i++) x = writeAttention(b, x, weights, split)
  b.output(x, 'float32', [2, 5, 8], 'y')
  return b.build()
}

function writeAttention(
  b: GraphBuilder,
  x: string,
  { qkv: weight, bias, out }: { qkv: string; bias: string; out: string },
  split: 'Split' | 'Slice' | 'Gather',
): string {
  const qkv = b.op('Add', [b.op('MatMul', [x, weight]), bias])
  const heads = (value: string, perm: number[]) =>
    b.op('Transpose', [b.op('Reshape', [value, b.ints([2, 5, 2, 4])])], { perm })
  const parts = cutInThree(b, qkv, split)
  const [q, k, v] = [heads(parts[0]!, [0, 2, 1, 3]), heads(parts[1]!, [0, 2, 3, 1]), parts[2]!]
  const scores = b.op('Div', [b.op('MatMul', [q, k]), b.scalar(2)])
  const weights = b.op('Softmax', [scores], { axis: -1 })
  const context = b.op('MatMul', [weights, heads(v, [0, 2, 1, 3])])
  const joined = b.op('Reshape', [
    b.op('Transpose', [context], { perm: [0, 2, 1, 3] }),
    b.ints([2, 5, 8]),
  ])
  return b.op('MatMul', [joined, out])
}

/** nn.MultiheadAttention with a learned query over x [2, 5, 8]: three weights cut out of one. */
function packedPooling(): Graph {
  const b = new GraphBuilder('packed')
  const x = b.input('x', 'float32', [2, 5, 8])
  const packed = addWeight(b, 'in_proj', [24, 8])
  const cut = (value: string, from: number, to: number, axis: number) =>
    b.op('Slice', [value, b.ints([from]), b.ints([to]), b.ints([axis]), b.ints([1])])
  const part = (from: number, to: number) =>
    b.op('Transpose', [cut(packed, from, to, 0)], { perm: [1, 0] })
  const probe = b.op('Tile', [addWeight(b, 'probe', [1, 1, 8]), b.ints([2, 1, 1])])
  const q = b.op('MatMul', [probe, part(0, 8)])
  const both = b.op('MatMul', [x, part(8, 24)])
  const [k, v] = [cut(both, 0, 8, 2), cut(both, 8, 16, 2)]
  const scores = b.op('MatMul', [q, b.op('Transpose', [k], { perm: [0, 2, 1] })])
  const mixed = b.op('MatMul', [b.op('Softmax', [scores], { axis: -1 }), v])
  const flat = b.op('Reshape', [mixed, b.ints([2, 8])])
  const bias = addWeight(b, 'out.bias', [8])
  const out = b.op('Gemm', [flat, addWeight(b, 'out', [8, 8]), bias], { transB: 1 })
  b.output(out, 'float32', [2, 8], 'y')
  return b.build()
}

function cutInThree(b: GraphBuilder, qkv: string, how: 'Split' | 'Slice' | 'Gather'): string[] {
  if (how === 'Split') return b.multi('Split', [qkv, b.ints([8, 8, 8])], 3, { axis: -1 })
  if (how === 'Slice') {
    return [0, 8, 16].map((at) =>
      b.op('Slice', [qkv, b.ints([at]), b.ints([at + 8]), b.ints([2]), b.ints([1])]),
    )
  }
  const stacked = b.op('Transpose', [b.op('Reshape', [qkv, b.ints([2, 5, 3, 8])])], {
    perm: [2, 0, 1, 3],
  })
  return [0, 1, 2].map((at) => {
    const index = b.initializer(`index_${at}`, {
      type: 'int64',
      dims: [],
      data: BigInt64Array.of(BigInt(at)),
    })
    return b.op('Gather', [stacked, index], { axis: 0 })
  })
}

describe('findAttentions', () => {
  it('finds three projections and the output of each block', () => {
    const { graph } = towers.image
    const found = findAttentions(graph)
    const nameOf = (block: number, role: string) => `stages.0.${block}.attention.${role}.weight`
    expect(found.map(({ projections }) => projections.map(({ weight }) => weight))).toEqual(
      [0, 1, 2].map((block) => ['query', 'key', 'value'].map((role) => nameOf(block, role))),
    )
    expect(found.map(({ depth }) => depth)).toEqual([0, 1, 2])
    const depths = new Map(
      findLinearLayers(graph, found).map(({ layer, depth }) => [layer.weight, depth]),
    )
    expect([0, 1, 2].map((block) => depths.get(nameOf(block, 'output')))).toEqual([1, 2, 3])
    expect(depths.get('patch.weight')).toBe(0)
    expect(found.every(({ isPooling }) => !isPooling)).toBe(true)
    expect(findAttentions(towers.text.graph)).toHaveLength(2)
  })

  it.each(['Split', 'Slice', 'Gather'] as const)(
    'finds one fused projection cut by %s',
    (split) => {
      const graph = fusedAttention(split)
      const found = findAttentions(graph)
      expect(found).toHaveLength(1)
      expect(found[0]!.projections.map(({ weight }) => weight)).toEqual(['qkv'])
      const layers = findLinearLayers(graph, found)
      expect(layers.map(({ layer, depth }) => [layer.weight, depth])).toEqual([
        ['qkv', 0],
        ['out', 1],
      ])
    },
  )
})

describe('addLowRankAdapters', () => {
  const pixels = {
    pixel_values: { type: 'float32', dims: [2, 3, 32, 32], data: randoms(6144) },
  } as const

  it('changes nothing at first, and afterwards what merging does', async () => {
    const { graph, adapters } = addLowRankAdapters(towers.image.graph, options, 'a model')
    // Six of each of three blocks, and the projection; what makes tokens of patches stays.
    expect(adapters).toHaveLength(19)
    const before = await runGraph(towers.image.graph, pixels)
    const start = await runGraph(graph, pixels)
    expectClose(start.image_embeds!.data, before.image_embeds!.data, 1e-5)
    const trained = new Map(
      adapters.flatMap(({ down, up }) =>
        [down, up].map(
          (name) => [name, randoms(graph.initializers.get(name)!.data.length)] as const,
        ),
      ),
    )
    const adapted = await runGraph(withParameters(graph, trained), pixels)
    const merged = await runGraph(mergeLowRank(towers.image.graph, adapters, trained), pixels)
    expectClose(merged.image_embeds!.data, adapted.image_embeds!.data, 1e-3)
    expect(furthest(merged.image_embeds!.data, before.image_embeds!.data)).toBeGreaterThan(0.1)
  })

  it.each([
    ['a weight that makes queries, keys and values in parts', packedPooling(), ['out', 'in_proj']],
    ['weights that two attentions share', fusedAttention('Split', 2), ['qkv', 'out']],
  ])('adapts %s', async (_, graph, weights) => {
    const adapted = addLowRankAdapters(graph, { ...options, seed: 2 }, 'a model')
    const { adapters } = adapted
    expect(adapters.map(({ matrix }) => matrix.weight)).toEqual(weights)
    const wrt = adapters.flatMap(({ down, up }) => [down, up])
    const trained = new Map(
      wrt.map((name) => [name, randoms(adapted.graph.initializers.get(name)!.data.length, 0.3)]),
    )
    const feeds = { x: { type: 'float32' as const, dims: [2, 5, 8], data: randoms(80) } }
    const [before, start, after, merged] = await Promise.all(
      [
        graph,
        adapted.graph,
        withParameters(adapted.graph, trained),
        mergeLowRank(graph, adapters, trained),
      ].map((each) => runGraph(each, feeds)),
    )
    expectClose(start!.y!.data, before!.y!.data, 1e-5)
    expectClose(merged!.y!.data, after!.y!.data, 1e-4)
    expect(furthest(merged!.y!.data, before!.y!.data)).toBeGreaterThan(0.1)
    const values = withParameters(adapted.graph, trained).initializers
    const fed = Object.fromEntries(wrt.map((name) => [name, values.get(name)!]))
    const graphs = { graph: adapted.graph, feeds: { ...feeds, ...fed } }
    await checkGraphGradient({ ...graphs, wrt, outputs: ['y'] })
  })

  it('adapts the last blocks alone', () => {
    const some = { ...options, blocks: 2, layers: 'attention' } as const
    const { adapters } = addLowRankAdapters(towers.image.graph, some, 'a model')
    const blocks = adapters.map(({ matrix }) => matrix.weight.split('.')[2])
    expect(blocks).toEqual(['1', '1', '1', '2', '2', '2'])
  })

  it('adapts every linear layer of the last blocks, and what comes after them', () => {
    const { graph } = towers.image
    const { adapters } = addLowRankAdapters(graph, { ...options, blocks: 1 }, 'a model')
    const names = adapters.map(({ matrix }) => matrix.weight)
    expect(names).toHaveLength(7)
    expect(names.filter((name) => name.split('.')[2] === '2')).toHaveLength(6)
  })

  it('adapts the last blocks of each encoder where two stand side by side', () => {
    const { graph } = towers.image
    const kept = new Set(['', ...graph.inputs.map(({ name }) => name)])
    const twin = renameValues(graph, (name) => (kept.has(name) ? name : `twin/${name}`))
    const pair = {
      ...graph,
      initializers: new Map([...graph.initializers, ...twin.initializers]),
      nodes: [...graph.nodes, ...twin.nodes],
      outputs: [...graph.outputs, ...twin.outputs],
    }
    const { adapters } = addLowRankAdapters(pair, { ...options, blocks: 1 }, 'a model')
    const own = addLowRankAdapters(graph, { ...options, blocks: 1 }, 'a model').adapters
    const names = own.map(({ matrix }) => matrix.weight)
    expect(adapters.map(({ matrix }) => matrix.weight).toSorted()).toEqual([
      ...names.toSorted(),
      ...names.map((name) => `twin/${name}`).toSorted(),
    ])
  })

  it('says which model has no attention', () => {
    const b = new GraphBuilder('none')
    b.output(b.op('Relu', [b.input('x', 'float32', [1])]), 'float32', [1], 'y')
    expect(() => addLowRankAdapters(b.build(), options, '/models/none.onnx')).toThrow(
      expect.toSatisfy((error) => isAppError(error, 'MODEL_INVALID')),
    )
  })
})

type Numbers = ArrayLike<number | bigint>

function furthest(a: Numbers, b: Numbers): number {
  return Array.from(a).reduce<number>(
    (max, x, i) => Math.max(max, Math.abs(Number(x) - Number(b[i]))),
    0,
  )
}

function expectClose(a: Numbers, b: Numbers, tolerance: number): void {
  expect(a.length).toBe(b.length)
  expect(furthest(a, b)).toBeLessThan(tolerance)
}
