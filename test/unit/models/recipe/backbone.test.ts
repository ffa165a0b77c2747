import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { GraphBuilder } from '../../../../main/ml/onnx/graphBuilder.js'
import { writeModel } from '../../../../main/ml/onnx/writeModel.js'
import { openSession } from '../../../../main/ml/runtime/openSession.js'
import { backbonePath, tensorflowFolder } from '../../../../models/recipe/backbone/backbonePaths.js'
import { compareWithOriginal } from '../../../../models/recipe/backbone/checkParity.js'
import { convertNodes } from '../../../../models/recipe/backbone/convertNodes.js'
import { toConvWeight, toDepthwiseWeight } from '../../../../models/recipe/backbone/convWeights.js'
import type { TfjsModel, TfNode } from '../../../../models/recipe/backbone/readTfjsModel.js'

const base64 = (text: string) => Buffer.from(text).toString('base64')

function node(name: string, op: string, input: string[], attr: TfNode['attr'] = {}): TfNode {
  return { name, op, input, attr }
}

function modelOf(nodes: readonly TfNode[], weights: TfjsModel['weights']): TfjsModel {
  const image = node('image', 'Placeholder', [])
  return { nodes: new Map([image, ...nodes].map((n) => [n.name, n])), weights }
}

/** Runs one converted node on a picture [1, channels, height, width]. */
async function run(
  model: TfjsModel,
  wanted: string,
  dims: number[],
  data: Float32Array,
  fuseHardSwish = true,
): Promise<number[]> {
  const b = new GraphBuilder('test')
  const image = b.input('image', 'float32', dims)
  const [value] = convertNodes(model, b, image, [wanted], { fuseHardSwish })
  b.output(value!, 'float32', ['n', 'c', 'h', 'w'], 'out')
  const session = await openSession(writeModel(b.build()), { device: 'cpu', threads: 1 })
  const { out } = await session.run({ image: { type: 'float32', dims, data } })
  await session.dispose()
  return [...(out!.data as Float32Array)]
}

describe('convolution weights', () => {
  it('move from [h, w, in, out] to [out, in, h, w]', () => {
    const data = Float32Array.from({ length: 2 * 1 * 2 * 3 }, (_, i) => i)
    const { dims, data: moved } = toConvWeight({ dims: [2, 1, 2, 3], data })
    expect(dims).toEqual([3, 2, 2, 1])
    // [o][i][y]: y * 6 + i * 3 + o
    expect([...moved]).toEqual([0, 6, 3, 9, 1, 7, 4, 10, 2, 8, 5, 11])
  })

  it('move from [h, w, channels, 1] to [channels, 1, h, w]', () => {
    const data = Float32Array.from({ length: 4 }, (_, i) => i)
    const { dims, data: moved } = toDepthwiseWeight({ dims: [2, 1, 2, 1], data })
    expect(dims).toEqual([2, 1, 2, 1])
    expect([...moved]).toEqual([0, 2, 1, 3])
  })
})

describe('convertNodes', () => {
  it('pads a strided convolution at the end, as TensorFlow does', async () => {
    const conv = node('conv', '_FusedConv2D', ['image', 'kernel', 'bias'], {
      strides: { list: { i: ['1', '2', '2', '1'] } },
      padding: { s: base64('SAME') },
      fused_ops: { list: { s: [base64('BiasAdd'), base64('Relu')] } },
    })
    const weights = new Map([
      ['kernel', { dims: [3, 3, 1, 1], data: new Float32Array(9).fill(1) }],
      ['bias', { dims: [1], data: Float32Array.of(-50) }],
    ])
    const picture = Float32Array.from({ length: 16 }, (_, i) => i)
    // 3x3 sums from the upper left corner, minus 50, not below 0.
    const sums = [45, 39, 66, 50].map((sum) => Math.max(0, sum - 50))
    expect(await run(modelOf([conv], weights), 'conv', [1, 1, 4, 4], picture)).toEqual(sums)
  })

  it('keeps the channels of a depthwise convolution apart', async () => {
    const conv = node('conv', 'DepthwiseConv2dNative', ['image', 'kernel'], {
      strides: { list: { i: ['1', '1', '1', '1'] } },
      padding: { s: base64('VALID') },
    })
    const kernel = { dims: [1, 1, 2, 1], data: Float32Array.of(2, 3) }
    const model = modelOf([conv], new Map([['kernel', kernel]]))
    expect(await run(model, 'conv', [1, 2, 1, 2], Float32Array.of(1, 2, 10, 20))).toEqual([
      2, 4, 30, 60,
    ])
  })

  it('doubles a map between its corners, as the asymmetric bilinear filter does', async () => {
    const resize = node('up', 'ResizeBilinear', ['image', 'size'])
    const size = { dims: [2], data: Float32Array.of(99, 99) }
    const model = modelOf([resize], new Map([['size', size]]))
    expect(await run(model, 'up', [1, 1, 1, 2], Float32Array.of(0, 4))).toEqual([
      0, 2, 4, 4, 0, 2, 4, 4,
    ])
  })

  it('makes hard-swish one operator of the same values', async () => {
    const nodes = [
      node('x/hard_swish/mul', 'Mul', ['sixth', 'image']),
      node('x/hard_swish/add', 'Add', ['image', 'three']),
      node('x/hard_swish/Relu6', 'Relu6', ['x/hard_swish/add']),
      node('x/hard_swish/mul_1', 'Mul', ['x/hard_swish/mul', 'x/hard_swish/Relu6']),
    ]
    const weights = new Map([
      ['sixth', { dims: [], data: Float32Array.of(1 / 6) }],
      ['three', { dims: [], data: Float32Array.of(3) }],
    ])
    const model = modelOf(nodes, weights)
    const values = Float32Array.of(-4, -3, -1, 0, 1, 3, 5)
    const fused = await run(model, 'x/hard_swish/mul_1', [1, 1, 1, 7], values, true)
    const plain = await run(model, 'x/hard_swish/mul_1', [1, 1, 1, 7], values, false)
    fused.forEach((value, i) => {
      expect(value).toBeCloseTo(plain[i]!, 5)
    })
    expect(plain[6]).toBeCloseTo(5, 5)
  })

  it('names an operator that it has no rule for', () => {
    const model = modelOf([node('odd', 'Einsum', ['image'])], new Map())
    const b = new GraphBuilder('test')
    expect(() => convertNodes(model, b, 'image', ['odd'])).toThrow(
      expect.objectContaining({ code: 'OP_UNSUPPORTED' }),
    )
  })
})

const canCompare = existsSync(backbonePath) && existsSync(tensorflowFolder)

describe.skipIf(!canCompare)('the converted backbone', () => {
  it('gives the maps that TensorFlow.js gives', async () => {
    for (const { maxAbsoluteError, maxAbsoluteValue } of await compareWithOriginal()) {
      expect(maxAbsoluteError).toBeLessThan(2e-5 * maxAbsoluteValue)
    }
  })
})
