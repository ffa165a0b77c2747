import { describe, expect, it } from 'vitest'
import { architectureSchema } from '../../../../main/ml/clip/architecture.js'
import { buildTowers } from '../../../../main/ml/clip/builder/buildTowers.js'
import type { Tower } from '../../../../main/ml/clip/builder/towerBuilder.js'
import { withParameters } from '../../../../main/ml/clip/builder/withParameters.js'
import { GraphBuilder } from '../../../../main/ml/onnx/graphBuilder.js'
import { deepTower } from '../../../../main/ml/training/methods/tuning/deepTower.js'
import { findFrontier } from '../../../../main/ml/training/methods/tuning/frontier.js'
import { fullTower } from '../../../../main/ml/training/methods/tuning/fullTower.js'
import { keepsRowsApart } from '../../../../main/ml/training/methods/tuning/keepsRowsApart.js'
import { frozenTower } from '../../../../main/ml/training/methods/tuning/tunedTower.js'
import { createRandom } from '../../../../main/ml/training/random.js'
import { type Feeds, runGraph } from '../onnx/runGraph.js'

const built = buildTowers(
  architectureSchema.parse({
    image: {
      kind: 'vit',
      imageSize: 32,
      patchSize: 8,
      stages: [{ width: 32, layers: 3, heads: 2 }],
      pooling: 'cls',
    },
    text: { vocabSize: 100, contextLength: 12, width: 24, layers: 3, heads: 2 },
    embeddingDim: 16,
  }),
  { seed: 5 },
)
const random = createRandom(9)
const randoms = (length: number) => Float32Array.from({ length }, () => random.between(-1, 1))
const lastBlock = { rank: 2, alpha: 4, blocks: 1, layers: 'attention', seed: 1 } as const

const pixels: Feeds = {
  pixel_values: { type: 'float32', dims: [3, 3, 32, 32], data: randoms(9216) },
}
const imageShapes = (batch: number) => ({ pixel_values: [batch, 3, 32, 32] })
const textShapes = (batch: number, tokens: number) => ({
  input_ids: [batch, tokens],
  attention_mask: [batch, tokens],
})
const textOptions = {
  shapes: textShapes,
  shared: ['input_ids', 'attention_mask'],
  contextLength: 12,
}
const imageOptions = { shapes: imageShapes, shared: [], contextLength: 1 }

/** Ids of texts that end, with the highest id, at different places. */
function textInputs(tokens: number): Feeds {
  const ids = Array.from({ length: 3 * tokens }, (_, i) => BigInt(1 + (i % 90)))
  for (const [row, end] of [2, 4, 5].entries()) ids[row * tokens + end] = 99n
  const dims = [3, tokens]
  return {
    input_ids: { type: 'int64', dims, data: BigInt64Array.from(ids) },
    attention_mask: { type: 'int64', dims, data: new BigInt64Array(3 * tokens).fill(1n) },
  }
}

/** A tower whose adapters do something. */
function trained<T extends Tower>(tower: T): T {
  const weights = tower.trainable.map((name) => {
    return [name, randoms(tower.graph.initializers.get(name)!.data.length)] as const
  })
  return { ...tower, graph: withParameters(tower.graph, new Map(weights)) }
}

/** The embeddings by both halves, and by the whole. */
async function bothWays(tower: Tower, options: Parameters<typeof findFrontier>[1], feeds: Feeds) {
  const frontier = findFrontier(tower, options)!
  const own = ({ graph }: Pick<Tower, 'graph'>, from: Feeds) =>
    Object.fromEntries(graph.inputs.map(({ name }) => [name, from[name]!]))
  const value = await runGraph(frontier.before, own({ graph: frontier.before }, feeds))
  const halves = await runGraph(frontier.after.graph, own(frontier.after, { ...feeds, ...value }))
  const whole = await runGraph(tower.graph, own(tower, feeds))
  return {
    frontier,
    value: value[frontier.value]!,
    halves: Array.from(halves[frontier.after.output]!.data as Float32Array),
    whole: Array.from(whole[tower.output]!.data as Float32Array),
  }
}

const products = ({ graph }: Pick<Tower, 'graph'>) =>
  graph.nodes.filter(({ opType }) => ['MatMul', 'Gemm', 'Conv'].includes(opType)).length

describe('findFrontier', () => {
  it('leaves one block of a picture tower to train, with what it always gave', async () => {
    const tower = trained(deepTower(built.image, lastBlock, 'a model'))
    const { frontier, value, halves, whole } = await bothWays(tower, imageOptions, pixels)
    expect(halves).toEqual(whole)
    expect(frontier.rowDims(1)).toEqual([17, 32])
    expect(value.dims).toEqual([3 * 17, 32])
    expect(products(frontier.after)).toBeLessThan(products(tower) / 2)
    expect(frontier.growth).toBe('none')
  })

  it('leaves one block of a text tower to train, for texts of any length', async () => {
    const tower = trained(deepTower(built.text, lastBlock, 'a model'))
    for (const tokens of [7, 12]) {
      const { frontier, halves, whole } = await bothWays(tower, textOptions, textInputs(tokens))
      expect(halves).toEqual(whole)
      expect(frontier.growth).toBe('by token')
      expect(frontier.rowDims(tokens)).toEqual([tokens, 24])
    }
  })

  it('leaves nothing of a frozen tower but its embeddings', async () => {
    const { frontier, halves, whole } = await bothWays(
      frozenTower(built.text),
      textOptions,
      textInputs(8),
    )
    expect(halves).toEqual(whole)
    expect(frontier.after.graph.nodes.map(({ opType }) => opType)).toEqual(['Identity'])
    expect(frontier.rowDims(8)).toEqual([1, 16])
    expect(frontier.growth).toBe('none')
  })

  it('is nowhere in a tower that is trained from its first weight on', () => {
    expect(findFrontier(fullTower(built.image, 'a model'), imageOptions)).toBeNull()
  })

  it('is nowhere where the batch is not the first axis', () => {
    const b = new GraphBuilder('tokens first')
    const x = b.input('x', 'float32', ['batch', 4, 8])
    const weight = (name: string) =>
      b.initializer(name, { type: 'float32', dims: [8, 8], data: randoms(64) })
    const turned = b.op('Transpose', [b.op('MatMul', [x, weight('first')])], { perm: [1, 0, 2] })
    const y = b.op('MatMul', [b.op('MatMul', [turned, weight('second')]), weight('third')])
    b.output(y, 'float32', [4, 'batch', 8], 'y')
    const tower = {
      graph: b.build(),
      output: 'y',
      trainable: ['third'],
      noDecay: new Set<string>(),
    }
    const shapes = (batch: number) => ({ x: [batch, 4, 8] })
    expect(findFrontier(tower, { shapes, shared: [], contextLength: 1 })).toBeNull()
  })
})

describe('keepsRowsApart', () => {
  const options = { device: 'cpu', threads: 1 } as const

  /** Products over rows that lie flat, batch or tokens first; the last product is trained. */
  function flatTower(perm: number[]): Tower {
    const b = new GraphBuilder('flat')
    const x = b.input('x', 'float32', ['batch', 4, 8])
    const weight = (name: string) =>
      b.initializer(name, { type: 'float32', dims: [8, 8], data: randoms(64) })
    const turned = b.op('Transpose', [x], { perm })
    const flat = b.op('Reshape', [turned, b.ints([-1, 8])])
    const y = b.op('MatMul', [b.op('MatMul', [flat, weight('first')]), weight('second')])
    b.output(y, 'float32', ['rows', 8], 'y')
    return { graph: b.build(), output: 'y', trainable: ['second'], noDecay: new Set<string>() }
  }

  it('tells rows of one input after the other from rows that are mixed', async () => {
    const shapes = (batch: number) => ({ x: [batch, 4, 8] })
    const inputs: Feeds = { x: { type: 'float32', dims: [2, 4, 8], data: randoms(64) } }
    const apart = (perm: number[]) => {
      const frontier = findFrontier(flatTower(perm), { shapes, shared: [], contextLength: 1 })!
      expect(frontier.rowDims(1)).toEqual([4, 8])
      return keepsRowsApart(frontier, inputs, options)
    }
    expect(await apart([0, 1, 2])).toBe(true)
    expect(await apart([1, 0, 2])).toBe(false)
  })
})
