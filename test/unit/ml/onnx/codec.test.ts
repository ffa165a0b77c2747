/** Reading and writing models: typed, raw and external data, hostile bytes, and the same outputs. */
import { mkdtemp, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Graph, TensorData } from '../../../../main/ml/onnx/graph.js'
import { float, GraphBuilder } from '../../../../main/ml/onnx/graphBuilder.js'
import { encodeMessage, type TensorProto } from '../../../../main/ml/onnx/modelProto.js'
import { readModel, readModelFile } from '../../../../main/ml/onnx/readModel.js'
import { writeModel } from '../../../../main/ml/onnx/writeModel.js'
import { writeModelFile } from '../../../../main/ml/onnx/writeModelFile.js'
import { isAppError } from '../../../../shared/errors.js'
import { floatTensor, runGraph, runModel } from './runGraph.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'semblance-onnx-'))
})

/** A layer with attributes of several kinds, an optional input left out and a contrib operator. */
function sampleGraph(): Graph {
  const b = new GraphBuilder('sample')
  const x = b.input('x', 'float32', ['batch', 8])
  const w = b.initializer('w', floatTensor([8, 600], 2))
  const bias = b.initializer('bias', floatTensor([600], 3))
  const y = b.op('FusedMatMul', [x, w], { alpha: float(0.5), transB: 0 }, 'com.microsoft')
  const clipped = b.op('Clip', [b.op('Add', [y, bias]), '', b.scalar(0.25)])
  const cut = b.op('Slice', [clipped, b.ints([1]), b.ints([Number.MAX_SAFE_INTEGER]), b.ints([1])])
  b.output(b.op('Softmax', [cut], { axis: -1 }), 'float32', ['batch', 599], 'out')
  return b.build()
}

/** The bytes of a model whose only output adds the given tensor to an input. */
function modelWith(tensor: Partial<TensorProto>, type = 1): Uint8Array {
  const info = (name: string) => ({
    name,
    type: { tensorType: { elemType: type, shape: { dim: [{ dimValue: 2 }] } } },
  })
  const node = { opType: 'Add', input: ['x', 't'], output: ['y'] }
  return encodeMessage('ModelProto', {
    irVersion: 9,
    opsetImport: [{ domain: '', version: 20 }],
    graph: {
      name: 'g',
      node: [node],
      initializer: [{ name: 't', dataType: type, dims: [2], ...tensor }],
      input: [info('x')],
      output: [info('y')],
    } as never,
  })
}

const reasonOf = (run: () => unknown): string => {
  try {
    run()
  } catch (error) {
    if (isAppError(error, 'ONNX_INVALID')) {
      expect(error.data.path).toBe('m.onnx')
      return error.data.reason
    }
    throw error
  }
  return 'no error'
}

describe('round trip', () => {
  it('keeps a graph as it is, and its outputs', async () => {
    const graph = sampleGraph()
    const again = readModel(writeModel(graph), { path: 'm.onnx' })
    expect(again).toEqual(graph)
    const feeds = { x: floatTensor([3, 8]) }
    expect(await runGraph(again, feeds)).toEqual(await runGraph(graph, feeds))
  })

  it('keeps tensors of every element type exactly', () => {
    const tensors: TensorData[] = [
      { type: 'float32', dims: [2], data: Float32Array.of(0.1, -0) },
      { type: 'float16', dims: [2], data: Uint16Array.of(0x3c00, 0xfc00) },
      { type: 'float64', dims: [2], data: Float64Array.of(Math.PI, -1e300) },
      { type: 'int8', dims: [2, 1], data: Int8Array.of(-128, 127) },
      { type: 'uint8', dims: [2], data: Uint8Array.of(0, 255) },
      { type: 'int32', dims: [2], data: Int32Array.of(-(2 ** 31), 2 ** 31 - 1) },
      { type: 'int64', dims: [2], data: BigInt64Array.of(-(2n ** 63n), 2n ** 63n - 1n) },
      { type: 'bool', dims: [2], data: Uint8Array.of(0, 1) },
      { type: 'float32', dims: [], data: Float32Array.of(7) },
      { type: 'float32', dims: [0, 3], data: new Float32Array(0) },
    ]
    const initializers = new Map(tensors.map((tensor, i) => [`t${i}`, tensor]))
    const graph = { name: 'g', opset: 20, inputs: [], outputs: [], initializers, nodes: [] }
    expect(readModel(writeModel(graph), { path: 'm.onnx' }).initializers).toEqual(initializers)
  })

  it('reads typed data as onnxruntime does', async () => {
    const cases: [Partial<TensorProto>, number, TensorData][] = [
      [{ floatData: [1.5, -2] }, 1, { type: 'float32', dims: [2], data: Float32Array.of(1.5, -2) }],
      [{ int32Data: [-7, 9] }, 6, { type: 'int32', dims: [2], data: Int32Array.of(-7, 9) }],
      [{ int64Data: [-7, 9] }, 7, { type: 'int64', dims: [2], data: BigInt64Array.of(-7n, 9n) }],
      [{ doubleData: [0.1, 9] }, 11, { type: 'float64', dims: [2], data: Float64Array.of(0.1, 9) }],
    ]
    for (const [fields, code, zero] of cases) {
      const bytes = modelWith(fields, code)
      const graph = readModel(bytes, { path: 'm.onnx' })
      expect(graph.initializers.get('t')).toEqual(zero)
      const feeds = { x: zero }
      expect(await runGraph(graph, feeds)).toEqual(await runModel(bytes, feeds))
    }
    const halves = readModel(modelWith({ int32Data: [0x3c00, 0xc000] }, 10), { path: 'm.onnx' })
    expect(halves.initializers.get('t')!.data).toEqual(Uint16Array.of(0x3c00, 0xc000))
  })

  it('makes initializers of Constant nodes', async () => {
    const b = new GraphBuilder('constants')
    const x = b.input('x', 'float32', [2])
    const c = b.op('Constant', [], { value: floatTensor([2]) })
    const s = b.op('Constant', [], { value_float: float(2.5) })
    b.output(b.op('Mul', [b.op('Add', [x, c]), s]), 'float32', [2], 'y')
    const graph = readModel(writeModel(b.build()), { path: 'm.onnx' })
    expect(graph.nodes.map(({ opType }) => opType)).toEqual(['Add', 'Mul', 'Identity'])
    const feeds = { x: floatTensor([2], 5) }
    expect(await runGraph(graph, feeds)).toEqual(await runGraph(b.build(), feeds))
  })

  it('clamps INT64_MAX in attributes and keeps it in tensors', () => {
    const graph = sampleGraph()
    const ends = [...graph.initializers].find(([name]) => name.includes('9007199254740991'))!
    const node = { ...graph.nodes[0]!, attributes: { k: { kind: 'int', value: 2 ** 62 } as const } }
    const tensor = { type: 'int64', dims: [1], data: BigInt64Array.of(2n ** 63n - 1n) } as const
    const initializers = new Map([...graph.initializers, [ends[0], tensor]])
    const again = readModel(writeModel({ ...graph, initializers }), { path: 'm.onnx' })
    expect(again.initializers.get(ends[0])).toEqual(tensor)
    const big = { ...graph, nodes: [node, ...graph.nodes.slice(1)] }
    const read = readModel(writeModel(big), { path: 'm.onnx' })
    expect(read.nodes[0]!.attributes).toEqual({
      k: { kind: 'int', value: Number.MAX_SAFE_INTEGER },
    })
  })
})

describe('files', () => {
  it('keeps weights beside a model that is too large, and replaces them on the next write', async () => {
    const path = join(folder, 'external.onnx')
    const graph = sampleGraph()
    for (let round = 0; round < 2; round++) {
      await writeModelFile(path, graph, { externalAboveBytes: 1000 })
      expect(await readModelFile(path)).toEqual(graph)
    }
    const names = (await readdir(folder)).filter((name) => name.startsWith('external.onnx'))
    expect(names).toHaveLength(2)
    expect((await readFile(path)).byteLength).toBeLessThan(5000)
    const feeds = { x: floatTensor([2, 8]) }
    expect(await runModel(path, feeds)).toEqual(await runGraph(graph, feeds))
    await writeModelFile(path, graph)
    expect((await readdir(folder)).filter((name) => name.startsWith('external.onnx'))).toEqual([
      'external.onnx',
    ])
  })

  it('refuses external data outside the folder, missing, too short or of absurd size', async () => {
    const outside = await mkdtemp(join(tmpdir(), 'semblance-outside-'))
    await writeFile(join(outside, 'secret'), new Uint8Array(64))
    await symlink(join(outside, 'secret'), join(folder, 'link'))
    await writeFile(join(folder, 'weights'), new Uint8Array(4))
    const read = (entries: Record<string, string>, dims = [2]) => {
      const externalData = Object.entries(entries).map(([key, value]) => ({ key, value }))
      const bytes = modelWith({ dims, dataLocation: 1, externalData })
      try {
        readModel(bytes, { path: join(folder, 'm.onnx') })
      } catch (error) {
        if (isAppError(error, 'ONNX_INVALID')) return error.data.reason
      }
      return 'no error'
    }
    expect(read({ location: join(outside, 'secret') })).toMatch(/outside/)
    expect(read({ location: `../${outside.split('/').pop()}/secret` })).toMatch(/outside/)
    expect(read({ location: 'link' })).toMatch(/outside/)
    expect(read({ location: '.' })).toMatch(/outside/)
    expect(read({ location: 'nothing' })).toMatch(/missing/)
    expect(read({ location: 'weights' })).toMatch(/ends at 4 bytes, before 8/)
    expect(read({ location: 'weights', offset: '-1' })).toMatch(/impossible/)
    expect(read({ location: 'weights', offset: '4', length: '1' })).toMatch(/1 bytes where 8/)
    expect(read({ location: 'weights' }, [2 ** 30, 2 ** 20])).toMatch(/ends at 4 bytes/)
    expect(read({})).toMatch(/no location/)
  })

  it('names a file that is absent', async () => {
    const absent = { code: 'FILE_NOT_FOUND' }
    await expect(readModelFile(join(folder, 'absent.onnx'))).rejects.toMatchObject(absent)
    const nowhere = join(folder, 'nowhere', 'm.onnx')
    await expect(writeModelFile(nowhere, sampleGraph())).rejects.toMatchObject(absent)
  })
})

describe('invalid models', () => {
  it('says what is wrong', () => {
    const read = (bytes: Uint8Array) => reasonOf(() => readModel(bytes, { path: 'm.onnx' }))
    expect(read(new Uint8Array(0))).toMatch(/operator set/)
    expect(read(Buffer.from('<html>not found</html>'))).not.toBe('no error')
    expect(read(modelWith({ floatData: [1] }))).toMatch(/1 elements where 2/)
    expect(read(modelWith({ rawData: new Uint8Array(7) }))).toMatch(/7 bytes where 8/)
    expect(read(modelWith({ dims: [1e15, 1e15] }))).toMatch(/impossible/)
    expect(read(modelWith({ dims: [-1], floatData: [] }))).toMatch(/negative/)
    expect(read(modelWith({ dataType: 8 }))).toMatch(/element type 8/)
    const graph = sampleGraph()
    expect(read(writeModel({ ...graph, nodes: graph.nodes.slice(1) }))).toMatch(/before it is/)
    expect(read(writeModel({ ...graph, nodes: [...graph.nodes, graph.nodes[0]!] }))).toMatch(
      /defined twice/,
    )
  })

  it('refuses control flow and foreign operators by name', () => {
    const withNode = (node: object) =>
      encodeMessage('ModelProto', {
        opsetImport: [{ domain: '', version: 17 }],
        graph: { node: [node] } as never,
      })
    const loop = { opType: 'Loop', attribute: [{ name: 'body', type: 5 }] }
    for (const [node, opType] of [
      [loop, 'Loop'],
      [{ opType: 'TreeEnsemble', domain: 'ai.onnx.ml' }, 'ai.onnx.ml.TreeEnsemble'],
    ] as const) {
      expect(() => readModel(withNode(node), { path: 'm.onnx' })).toThrowError(
        expect.objectContaining({
          code: 'OP_UNSUPPORTED',
          data: { opType, opset: 17, where: expect.stringContaining('m.onnx') },
        }),
      )
    }
  })

  it('answers truncated and flipped bytes with an AppError or a graph', () => {
    const bytes = writeModel(sampleGraph())
    const flips = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 })), {
      maxLength: 8,
    })
    const nearHeader = fc.array(fc.tuple(fc.nat(900), fc.integer({ min: 1, max: 255 })), {
      maxLength: 3,
    })
    fc.assert(
      fc.property(flips, nearHeader, fc.nat(bytes.length), (far, near, length) => {
        const damaged = bytes.slice(0, length % 3 === 0 ? length : bytes.length)
        for (const [index, mask] of [...far, ...near]) {
          if (index < damaged.length) damaged[index]! ^= mask
        }
        try {
          readModel(damaged, { path: 'm.onnx' })
        } catch (error) {
          if (!isAppError(error)) throw error
          expect(['ONNX_INVALID', 'OP_UNSUPPORTED']).toContain(error.code)
        }
      }),
      { numRuns: 2000 },
    )
  })
})

describe('speed', () => {
  it('reads a 25 MB model in under 200 ms', () => {
    const b = new GraphBuilder('large')
    for (let i = 0; i < 100; i++) {
      const data = new Float32Array(62_500).fill(i)
      b.initializer(`w${i}`, { type: 'float32', dims: [250, 250], data })
    }
    const bytes = writeModel(b.build())
    expect(bytes.byteLength).toBeGreaterThan(24e6)
    const times = Array.from({ length: 3 }, () => {
      const start = performance.now()
      readModel(bytes, { path: 'm.onnx' })
      return performance.now() - start
    })
    expect(Math.min(...times)).toBeLessThan(200)
  })
})
