import { describe, expect, it } from 'vitest'
import { toFloat16Array } from '../../../../main/ml/onnx/float16.js'
import type { Graph, TensorData } from '../../../../main/ml/onnx/graph.js'
import { float, GraphBuilder } from '../../../../main/ml/onnx/graphBuilder.js'
import { writeModel } from '../../../../main/ml/onnx/writeModel.js'
import { readInt8Table } from '../../../../main/ml/quantization/int8Table.js'
import {
  hasIntegerProducts,
  quantizeTables,
  quantizeWeights,
} from '../../../../main/ml/quantization/quantizeWeights.js'
import { roundToInt8 } from '../../../../main/ml/quantization/roundToInt8.js'
import { openSession } from '../../../../main/ml/runtime/openSession.js'
import type { Tensors } from '../../../../main/ml/runtime/session.js'
import { uniform } from '../../../support/random.js'

const random = uniform(11)
const floats = (...dims: number[]) =>
  ({
    type: 'float32',
    dims,
    data: Float32Array.from({ length: dims.reduce((a, b) => a * b, 1) }, () => random() - 0.5),
  }) satisfies TensorData

describe('roundToInt8', () => {
  it('is within half a step of each column or row, and knows nothing but zeros', () => {
    const { data } = floats(6, 5)
    data.fill(0, 0, 5)
    for (const [axis, largest] of [
      [0, 127],
      [1, 64],
    ] as const) {
      const { values, scales } = roundToInt8(data, [6, 5], axis, largest)
      expect(Math.max(...values.map(Math.abs))).toBe(largest)
      expect(scales).toHaveLength(axis === 0 ? 6 : 5)
      data.forEach((value, at) => {
        const scale = scales[axis === 0 ? Math.floor(at / 5) : at % 5]!
        expect(Math.abs(value - values[at]! * scale)).toBeLessThanOrEqual(scale / 2 + 1e-7)
      })
    }
  })
})

interface Case {
  readonly build: (builder: GraphBuilder) => string
  readonly feeds: Tensors
  readonly opTypes: readonly string[]
}

const half = (tensor: ReturnType<typeof floats>): TensorData => ({
  type: 'float16',
  dims: tensor.dims,
  data: toFloat16Array(tensor.data),
})
const rows: Tensors = { x: floats(2, 7, 64) }
const ids: Tensors = {
  x: { type: 'int64', dims: [2, 3], data: BigInt64Array.of(0n, 5n, 99n, 7n, 7n, 1n) },
}
const cases: Record<string, Case> = {
  'a product': {
    build: (b) => b.op('MatMul', ['x', b.initializer('w', floats(64, 96))]),
    feeds: rows,
    opTypes: ['DynamicQuantizeMatMul'],
  },
  'a product by weights kept in half precision': {
    build: (b) => {
      const w = b.op('Cast', [b.initializer('w', half(floats(64, 96)))], { to: 1 })
      return b.op('MatMul', ['x', w])
    },
    feeds: rows,
    opTypes: ['DynamicQuantizeMatMul'],
  },
  'a linear layer with a bias': {
    build: (b) =>
      b.op('Gemm', ['x', b.initializer('w', floats(96, 64)), b.initializer('b', floats(96))], {
        transB: 1,
      }),
    feeds: { x: floats(9, 64) },
    opTypes: ['DynamicQuantizeMatMul'],
  },
  'a scaled linear layer, left as it is': {
    build: (b) => b.op('Gemm', ['x', b.initializer('w', floats(64, 96))], { alpha: float(2) }),
    feeds: { x: floats(9, 64) },
    opTypes: ['Gemm'],
  },
  'a small product, left as it is': {
    build: (b) => b.op('MatMul', ['x', b.initializer('w', floats(64, 8))]),
    feeds: rows,
    opTypes: ['MatMul'],
  },
  'a table of words': {
    build: (b) => b.op('Gather', [b.initializer('w', floats(100, 48)), 'x'], { axis: 0 }),
    feeds: ids,
    opTypes: ['Gather', 'Cast', 'Gather', 'Mul'],
  },
}

describe('quantizeWeights', () => {
  it.each(Object.entries(cases))('%s', async (_, { build, feeds, opTypes }) => {
    const builder = new GraphBuilder('case')
    builder.input('x', feeds.x!.type, feeds.x!.dims)
    builder.output(build(builder), 'float32', ['rows', 'columns'], 'y')
    const graph = builder.build()
    const quantized = quantizeWeights(graph)
    expect(quantized.nodes.map((n) => n.opType).filter((t) => t !== 'Identity')).toEqual(opTypes)
    expect(hasIntegerProducts(quantized)).toBe(opTypes.includes('DynamicQuantizeMatMul'))
    const [expected, actual] = [await run(graph, feeds), await run(quantized, feeds)]
    const error = Math.hypot(...expected.map((value, i) => value - actual[i]!))
    expect(error / Math.hypot(...expected)).toBeLessThan(0.015)
  })

  it('keeps sums of two products of 8 bits within 16 bits, where processors cut them off', () => {
    const builder = new GraphBuilder('large')
    builder.input('x', 'float32', [3, 64])
    builder.output(
      builder.op('MatMul', ['x', builder.initializer('w', floats(64, 96))]),
      'float32',
      [3, 96],
      'y',
    )
    const weights = quantizeWeights(builder.build()).initializers.get('w/int8')!.data as Int8Array
    expect(2 * 255 * Math.max(...weights.map(Math.abs))).toBeLessThan(2 ** 15)
  })

  it('rounds a weight that two products share once, and drops the float32 one', () => {
    const builder = new GraphBuilder('shared')
    builder.input('x', 'float32', [3, 64])
    const w = builder.initializer('w', floats(64, 64))
    const y = builder.op('MatMul', [builder.op('MatMul', ['x', w]), w])
    builder.output(y, 'float32', [3, 64], 'y')
    expect([...quantizeWeights(builder.build()).initializers.keys()]).toEqual([
      'w/int8',
      'w/int8/scale',
    ])
  })
})

describe('quantizeTables', () => {
  const builder = new GraphBuilder('text')
  builder.input('ids', 'int64', ['batch', 3])
  const table = floats(100, 48)
  const words = builder.op('Gather', [builder.initializer('words', table), 'ids'], { axis: 0 })
  const y = builder.op('MatMul', [words, builder.initializer('w', floats(48, 96))])
  builder.output(y, 'float32', ['batch', 3, 96], 'y')
  const graph = quantizeTables(builder.build())

  it('leaves products as they are', () => {
    expect(graph.nodes.map(({ opType }) => opType)).toEqual([
      'Gather',
      'Cast',
      'Gather',
      'Mul',
      'MatMul',
      'Identity',
    ])
  })

  it('makes a table that can be read again, and rounds it no second time', () => {
    const read = readInt8Table(graph, 'words')!
    expect(read.dims).toEqual([100, 48])
    const furthest = Math.max(...table.data.map((value, i) => Math.abs(value - read.data[i]!)))
    expect(furthest).toBeLessThan(0.5 / 127)
    expect(readInt8Table(graph, 'w')).toBeNull()
    const tall = new GraphBuilder('scales')
    tall.input('ids', 'int64', ['batch', 3])
    const scales = tall.initializer('scales', floats(9_000, 1))
    tall.output(tall.op('Gather', [scales, 'ids']), 'float32', ['batch', 3, 1], 'y')
    const own = tall.build()
    expect(quantizeTables(own).nodes).toEqual(own.nodes)
  })
})

async function run(graph: Graph, feeds: Tensors): Promise<Float32Array> {
  const session = await openSession(writeModel(graph), { device: 'cpu', threads: 1 })
  const { y } = await session.run(feeds)
  await session.dispose()
  return y!.data as Float32Array
}
