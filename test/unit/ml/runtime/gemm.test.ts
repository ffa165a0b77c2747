import { describe, expect, it } from 'vitest'
import { GraphBuilder } from '../../../../main/ml/onnx/graphBuilder.js'
import { countGemmFlops } from '../../../../main/ml/runtime/gemmFlops.js'
import { measureGemmPeak } from '../../../../main/ml/runtime/gemmPeak.js'

describe('countGemmFlops', () => {
  function flopsOf(
    opType: string,
    dims: Record<string, readonly number[]>,
    attributes: Record<string, number> = {},
  ): number {
    const { y, ...inputs } = dims
    const builder = new GraphBuilder('one')
    for (const [name, shape] of Object.entries(inputs)) builder.input(name, 'float32', shape)
    const names = Object.keys(inputs)
    const output = builder.op(opType, names, attributes)
    builder.output(builder.op('Relu', [output]), 'float32', y!)
    return countGemmFlops(builder.build(), new Map([...Object.entries(inputs), [output, y!]]))
  }

  it.each([
    ['MatMul', { a: [3, 4], b: [4, 5], y: [3, 5] }, {}, 2 * 3 * 4 * 5],
    ['MatMul', { a: [2, 7, 3, 4], b: [4, 5], y: [2, 7, 3, 5] }, {}, 2 * 14 * 3 * 4 * 5],
    ['MatMul', { a: [4], b: [4, 5], y: [5] }, {}, 2 * 4 * 5],
    ['FusedMatMul', { a: [2, 4, 3], b: [2, 4, 5], y: [2, 3, 5] }, { transA: 1 }, 2 * 2 * 60],
    ['FusedMatMul', { a: [2, 3, 4], b: [2, 5, 4], y: [2, 3, 5] }, { transB: 1 }, 2 * 2 * 60],
    ['Gemm', { a: [4, 3], b: [4, 5], c: [5], y: [3, 5] }, { transA: 1 }, 2 * 60],
    ['Conv', { x: [2, 6, 8, 8], w: [9, 2, 3, 3], y: [2, 9, 6, 6] }, {}, 2 * 648 * 18],
    ['ConvTranspose', { x: [2, 9, 6, 6], w: [9, 2, 3, 3], y: [2, 6, 8, 8] }, {}, 2 * 648 * 18],
    ['Add', { a: [3], b: [3], y: [3] }, {}, 0],
  ])('%s %o', (opType, dims, attributes, expected) => {
    expect(flopsOf(opType, dims, attributes)).toBe(expected)
  })

  it('names the value whose shape is missing', () => {
    const builder = new GraphBuilder('one')
    const a = builder.input('a', 'float32', [2, 2])
    builder.output(builder.op('MatMul', [a, a]), 'float32', [2, 2], 'y')
    expect(() => countGemmFlops(builder.build(), new Map())).toThrow('no static shape is known for')
  })
})

describe('measureGemmPeak', () => {
  it('measures a rate that any machine reaches and none exceeds', async () => {
    const peak = await measureGemmPeak({ threads: 1, seconds: 0.5 })
    expect(peak).toBeGreaterThan(0.5)
    expect(peak).toBeLessThan(100_000)
  })
})
