/** Half precision: every bit pattern, rounding to nearest even, and weights stored in it. */
import { describe, expect, it } from 'vitest'
import { fromFloat16Array, toFloat16Array } from '../../../../main/ml/onnx/float16.js'
import { storeWeightsAsFloat16, upcastWeights } from '../../../../main/ml/onnx/float16Weights.js'
import { GraphBuilder } from '../../../../main/ml/onnx/graphBuilder.js'
import { writeModel } from '../../../../main/ml/onnx/writeModel.js'
import { floatTensor, runGraph } from './runGraph.js'

const every = Uint16Array.from({ length: 65_536 }, (_, bits) => bits)
const isNaNBits = (bits: number) => (bits & 0x7c00) === 0x7c00 && (bits & 0x3ff) !== 0

function halve(value: number): number {
  return toFloat16Array(Float32Array.of(value))[0]!
}

/** onnxruntime's own Cast, as the reference. */
async function ortCast(values: Float32Array<ArrayBuffer>): Promise<Uint16Array> {
  const b = new GraphBuilder('cast')
  const x = b.input('x', 'float32', [values.length])
  b.output(b.op('Cast', [x], { to: 10 }), 'float16', [values.length], 'y')
  const { y } = await runGraph(b.build(), {
    x: { type: 'float32', dims: [values.length], data: values },
  })
  return new Uint16Array((y!.data as Uint16Array).buffer)
}

describe('float16', () => {
  it('gives back every bit pattern but the payloads of NaN', () => {
    const back = toFloat16Array(fromFloat16Array(every))
    for (const bits of every) {
      if (isNaNBits(bits)) expect(isNaNBits(back[bits]!)).toBe(true)
      else if (back[bits] !== bits) expect(back[bits]).toBe(bits)
    }
  })

  it('decodes the landmarks', () => {
    const halves = Uint16Array.of(0x3c00, 0xc000, 0x7bff, 1, 0x0400, 0x7c00, 0x3555)
    expect([...fromFloat16Array(halves)]).toEqual([
      1,
      -2,
      65_504,
      2 ** -24,
      2 ** -14,
      Number.POSITIVE_INFINITY,
      0.333251953125,
    ])
  })

  it('rounds to the nearest half, ties to even, between all neighbours', () => {
    for (let bits = 0; bits < 0x7bff; bits++) {
      const [low, high] = fromFloat16Array(Uint16Array.of(bits, bits + 1)) as unknown as number[]
      const middle = (low! + high!) / 2
      const even = bits % 2 === 0 ? bits : bits + 1
      const step = (high! - low!) / 64
      const got = toFloat16Array(Float32Array.of(middle, middle - step, middle + step, -middle))
      const want = [even, bits, bits + 1, even | 0x8000]
      if (want.some((w, i) => w !== got[i])) expect([...got]).toEqual(want)
    }
  })

  it('goes to infinity above the middle beyond the largest half, and to zero below the smallest', () => {
    expect(halve(65_519.99)).toBe(0x7bff)
    expect(halve(65_520)).toBe(0x7c00)
    expect(halve(-1e38)).toBe(0xfc00)
    expect(halve(2 ** -25)).toBe(0)
    expect(halve(2 ** -25 * 1.001)).toBe(1)
    expect(halve(-1e-40)).toBe(0x8000)
    expect(isNaNBits(halve(Number.NaN))).toBe(true)
  })

  it('agrees with onnxruntime', async () => {
    const values = Float32Array.from(
      { length: 200_000 },
      (_, i) => Math.sin(i * 78.233) * 2 ** ((i % 50) - 30),
    )
    expect(toFloat16Array(values)).toEqual(await ortCast(values))
  })
})

describe('weights in float16', () => {
  function twoLayers() {
    const b = new GraphBuilder('layers')
    const x = b.input('x', 'float32', [4, 64])
    const hidden = b.op('MatMul', [x, b.initializer('w1', floatTensor([64, 64], 2))])
    const biased = b.op('Add', [hidden, b.initializer('b1', floatTensor([64], 3))])
    b.output(
      b.op('MatMul', [biased, b.initializer('w2', floatTensor([64, 32]))]),
      'float32',
      [4, 32],
    )
    return b.build()
  }

  it('halves the file and stays close', async () => {
    const graph = twoLayers()
    const small = storeWeightsAsFloat16(graph)
    expect(writeModel(small).byteLength).toBeLessThan(writeModel(graph).byteLength * 0.55)
    expect(small.initializers.get('b1')).toEqual(graph.initializers.get('b1'))
    const name = graph.outputs[0]!.name
    const feeds = { x: floatTensor([4, 64]) }
    const exact = (await runGraph(graph, feeds))[name]!.data as Float32Array
    const close = (await runGraph(small, feeds))[name]!.data as Float32Array
    const scale = Math.max(...exact)
    for (const [i, value] of exact.entries()) {
      expect(Math.abs(close[i]! - value)).toBeLessThan(scale * 2e-3)
    }
  })

  it('comes back as float32 initializers of the old names with the same outputs', async () => {
    const small = storeWeightsAsFloat16(twoLayers())
    const full = upcastWeights(small)
    expect(full.nodes).toEqual(twoLayers().nodes)
    expect(new Set(full.initializers.keys())).toEqual(new Set(twoLayers().initializers.keys()))
    const feeds = { x: floatTensor([4, 64]) }
    expect(await runGraph(full, feeds)).toEqual(await runGraph(small, feeds))
  })
})
