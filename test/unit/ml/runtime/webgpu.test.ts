/** The graphics device: same results as the CPU's, and what happens when it fails. */
import { beforeAll, describe, expect, it } from 'vitest'
import type { TensorData } from '../../../../main/ml/onnx/graph.js'
import { GraphBuilder } from '../../../../main/ml/onnx/graphBuilder.js'
import { writeModel } from '../../../../main/ml/onnx/writeModel.js'
import { openSession } from '../../../../main/ml/runtime/openSession.js'
import { openSessionInWorker } from '../../../../main/ml/runtime/openSessionInWorker.js'
import { hasSoftwareVulkan, useSoftwareVulkan } from '../../../support/softwareVulkan.js'
import { updateModel, vector } from './graphs.js'

const webgpu = { device: 'webgpu', threads: 1 } as const
const auto = { device: 'auto', threads: 1 } as const

/** A grouped convolution over three axes, which the CPU computes and the graphics device refuses. */
function refusedModel(): Uint8Array {
  const builder = new GraphBuilder('refused')
  const x = builder.input('x', 'float32', [1, 4, 5, 5, 5])
  const w = builder.input('w', 'float32', [4, 2, 3, 3, 3])
  builder.output(builder.op('Conv', [x, w], { group: 2 }), 'float32', [1, 4, 3, 3, 3], 'y')
  return writeModel(builder.build())
}

const ones = (dims: readonly number[]): TensorData => ({
  type: 'float32',
  dims,
  data: new Float32Array(dims.reduce((product, dim) => product * dim, 1)).fill(1),
})
const refusedFeeds = { x: ones([1, 4, 5, 5, 5]), w: ones([4, 2, 3, 3, 3]) }

/** [n, 1] by [1, n], summed: little to feed, and n * n numbers in between. */
function outerModel(): Uint8Array {
  const builder = new GraphBuilder('outer')
  const column = builder.input('column', 'float32', ['n', 1])
  const row = builder.input('row', 'float32', [1, 'n'])
  const product = builder.op('MatMul', [column, row])
  builder.output(builder.op('ReduceSum', [product], { keepdims: 0 }), 'float32', [], 'y')
  return writeModel(builder.build())
}

describe.skipIf(!hasSoftwareVulkan)('a session on the graphics device', () => {
  beforeAll(useSoftwareVulkan)

  it('updates a parameter in place, and gives fresh outputs beside it', async () => {
    const session = await openSession(updateModel(), webgpu)
    expect(session.device).toBe('webgpu')
    const parameter = vector(5, 7)
    const gradient = vector(1, 2)
    for (let step = 0; step < 3; step++) {
      await session.runInPlace({ parameter, gradient }, { fetchInto: { updated: parameter } })
    }
    expect(parameter).toEqual(vector(2, 1))
    expect(await session.run({ parameter, gradient }, ['product'])).toEqual({
      product: vector(2, 2),
    })
    await session.dispose()
  })

  it('serves two threads at a time', async () => {
    const sessions = await Promise.all([1, 2].map(() => openSessionInWorker(updateModel(), webgpu)))
    const runs = [...Array(20).keys()].map(async (i) => {
      const feeds = { parameter: vector(i, 3), gradient: vector(1, 2) }
      expect(await sessions[i % 2]!.run(feeds, ['updated'])).toEqual({ updated: vector(i - 1, 1) })
    })
    await Promise.all(runs)
    for (const session of sessions) await session.dispose()
  })

  it('says what cannot be run where the device was asked for by name', async () => {
    const session = await openSession(refusedModel(), webgpu)
    await expect(session.run(refusedFeeds)).rejects.toMatchObject({
      code: 'DEVICE_UNAVAILABLE',
      data: { device: 'webgpu', reason: expect.stringContaining('grouped convolution') },
    })
    await expect(session.run({ x: refusedFeeds.x })).rejects.toThrow("input 'w' is missing")
    await session.dispose()
  })

  it('throws when memory is short, and computes on after it', async () => {
    const session = await openSession(outerModel(), webgpu)
    const feeds = (n: number) => ({ column: ones([n, 1]), row: ones([1, n]) })
    await expect(session.run(feeds(20_000))).rejects.toMatchObject({ code: 'DEVICE_UNAVAILABLE' })
    expect((await session.run(feeds(100))).y!.data).toEqual(Float32Array.of(10_000))
    await session.dispose()
  })
})

// Last: once `auto` had to fall back, it stays on the CPU for the rest of the process.
describe.skipIf(!hasSoftwareVulkan)('auto', () => {
  beforeAll(useSoftwareVulkan)
  const reason = 'Running on the CPU: Conv3D does not support grouped convolution (group=2).'

  it('takes the device, and leaves it when a run fails there', async () => {
    const notices: string[] = []
    const onNotice = (notice: string) => notices.push(notice)
    const session = await openSession(refusedModel(), { ...auto, onNotice })
    expect(session).toMatchObject({ device: 'webgpu', notice: undefined })
    // A run that is at fault itself says nothing about the device.
    await expect(session.run({ x: refusedFeeds.x })).rejects.toThrow("input 'w' is missing")
    expect(session.device).toBe('webgpu')

    const y = new Float32Array(108)
    const fetchInto = { y: { type: 'float32', dims: [1, 4, 3, 3, 3], data: y } } as const
    await session.runInPlace(refusedFeeds, { fetchInto })
    expect(y).toEqual(new Float32Array(108).fill(54))
    expect(session).toMatchObject({ device: 'cpu', notice: reason })
    expect(notices).toEqual([reason])
    await session.run(refusedFeeds)
    expect(notices).toHaveLength(1)
    await session.dispose()
    await expect(session.run(refusedFeeds)).rejects.toThrow('disposed')

    const later = await openSession(updateModel(), auto)
    expect(later).toMatchObject({ device: 'cpu', notice: reason })
    await later.dispose()
  })

  it('tells from another thread too', async () => {
    const session = await openSessionInWorker(refusedModel(), auto)
    const { y } = await session.run(refusedFeeds)
    expect(y!.data[0]).toBe(54)
    expect(session).toMatchObject({ device: 'cpu', notice: reason })
    await session.dispose()
  })
})
