import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TensorData } from '../../../../main/ml/onnx/graph.js'
import { openSession } from '../../../../main/ml/runtime/openSession.js'
import { identityModel, updateModel, vector } from './graphs.js'

const cpu = { device: 'cpu', threads: 1 } as const

describe('openSession', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'runtime-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  it('gives all outputs, or those asked for', async () => {
    const session = await openSession(updateModel(), cpu)
    const feeds = { parameter: vector(5, 7), gradient: vector(1, 2) }
    expect(session.inputNames).toEqual(['parameter', 'gradient'])
    expect(session.outputNames).toEqual(['updated', 'product'])
    expect(await session.run(feeds)).toEqual({ updated: vector(4, 5), product: vector(5, 14) })
    expect(await session.run(feeds, ['product'])).toEqual({ product: vector(5, 14) })
    await expect(session.run(feeds, ['other'])).rejects.toThrow('no output "other"')
    await expect(session.run({ parameter: vector(1) })).rejects.toThrow('gradient')
    await session.dispose()
    await expect(session.run(feeds)).rejects.toThrow('disposed')
  })

  it('updates a parameter where it lies', async () => {
    const session = await openSession(updateModel(), cpu)
    const parameter = vector(5, 7)
    const gradient = vector(1, 2)
    for (let step = 0; step < 3; step++) {
      const rest = await session.runInPlace(
        { parameter, gradient },
        { fetchInto: { updated: parameter } },
      )
      expect(rest).toEqual({})
    }
    expect(parameter).toEqual(vector(2, 1))
    expect(gradient).toEqual(vector(1, 2))
    await session.dispose()
  })

  it('writes into part of a larger array, next to fresh outputs', async () => {
    const session = await openSession(updateModel(), cpu)
    const all = new Float32Array(6)
    const updated: TensorData = { type: 'float32', dims: [2], data: all.subarray(2, 4) }
    const rest = await session.runInPlace(
      { parameter: vector(5, 7), gradient: vector(1, 2) },
      { fetchInto: { updated }, fetches: ['product'] },
    )
    expect([...all]).toEqual([0, 0, 4, 5, 0, 0])
    expect(rest).toEqual({ product: vector(5, 14) })
    await session.dispose()
  })

  it('refuses an array of another shape than the output', async () => {
    const session = await openSession(updateModel(), cpu)
    const feeds = { parameter: vector(5, 7), gradient: vector(1, 2) }
    const fetchInto = { updated: vector(0, 0, 0) }
    await expect(session.runInPlace(feeds, { fetchInto })).rejects.toThrow('shape')
    await session.dispose()
  })

  const everyType: TensorData[] = [
    { type: 'float32', dims: [2], data: Float32Array.of(0.5, -2) },
    { type: 'float16', dims: [2], data: Uint16Array.of(0x3c00, 0xc000) },
    { type: 'float64', dims: [2], data: Float64Array.of(0.1, -2) },
    { type: 'int8', dims: [2], data: Int8Array.of(1, -2) },
    { type: 'uint8', dims: [2], data: Uint8Array.of(1, 255) },
    { type: 'int32', dims: [2], data: Int32Array.of(1, -2) },
    { type: 'int64', dims: [2], data: BigInt64Array.of(1n, -(2n ** 40n)) },
    { type: 'bool', dims: [2], data: Uint8Array.of(0, 1) },
    { type: 'float32', dims: [0], data: new Float32Array(0) },
  ]
  it.each(everyType)('carries $type $dims unchanged', async (x) => {
    const session = await openSession(identityModel(x.type), cpu)
    expect(await session.run({ x })).toEqual({ y: x })
    await session.dispose()
  })

  it('refuses shared memory by name', async () => {
    const session = await openSession(identityModel('float32'), cpu)
    const data = new Float32Array(new SharedArrayBuffer(8))
    await expect(session.run({ x: { type: 'float32', dims: [2], data } })).rejects.toThrow(
      'tensor x: onnxruntime cannot use shared memory',
    )
    await session.dispose()
  })

  it('opens a file, and tells which one is missing or broken', async () => {
    const good = join(folder, 'good.onnx')
    const broken = join(folder, 'broken.onnx')
    await writeFile(good, updateModel())
    await writeFile(broken, updateModel().subarray(0, 60))
    const session = await openSession(good, cpu)
    expect(session.outputNames).toEqual(['updated', 'product'])
    await session.dispose()

    await expect(openSession(broken, cpu)).rejects.toMatchObject({
      code: 'ONNX_INVALID',
      data: { path: broken },
    })
    const missing = join(folder, 'missing.onnx')
    await expect(openSession(missing, cpu)).rejects.toMatchObject({
      code: 'FILE_NOT_FOUND',
      data: { path: missing },
    })
  })

  it('takes a device that works, and says so when it is not the one hoped for', async () => {
    const session = await openSession(updateModel(), { device: 'auto', threads: 1 })
    expect(await session.run({ parameter: vector(5), gradient: vector(1) })).toEqual({
      updated: vector(4),
      product: vector(5),
    })
    if (session.device === 'cpu') expect(session.notice).toMatch(/^Running on the CPU: .+\.$/)
    else expect(session.notice).toBeUndefined()
    await session.dispose()
  })

  it('never replaces a device that was asked for by name', async () => {
    const options = { device: 'webgpu', threads: 1 } as const
    const opened = await openSession(updateModel(), options).catch((error: unknown) => error)
    if (opened instanceof Error) expect(opened).toMatchObject({ code: 'DEVICE_UNAVAILABLE' })
    else expect(opened).toMatchObject({ device: 'webgpu' })
    await expect(openSession(new Uint8Array(9), options)).rejects.toMatchObject({
      code: 'ONNX_INVALID',
    })
  })
})
