import { readdir, readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import type { TensorData } from '../../../../main/ml/onnx/graph.js'
import { openSessionInWorker } from '../../../../main/ml/runtime/openSessionInWorker.js'
import { identityModel, slowModel, square, updateModel, vector } from './graphs.js'

/** How many threads of this process have a lower priority than usual. */
async function politeThreads(): Promise<number> {
  const threads = await readdir('/proc/self/task')
  const niceness = await Promise.all(
    threads.map(async (thread) => {
      const stat = await readFile(`/proc/self/task/${thread}/stat`, 'utf8').catch(() => '')
      // The fields after the name, which may hold spaces; the 19th of all is what is asked for.
      return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16] ?? 0)
    }),
  )
  return niceness.filter((nice) => nice > 0).length
}

const cpu = { device: 'cpu', threads: 1 } as const

describe('openSessionInWorker', () => {
  it('runs as a session in the same thread does', async () => {
    const session = await openSessionInWorker(updateModel(), cpu)
    const feeds = { parameter: vector(5, 7), gradient: vector(1, 2) }
    expect(session.inputNames).toEqual(['parameter', 'gradient'])
    expect(session.outputNames).toEqual(['updated', 'product'])
    expect(session.device).toBe('cpu')
    expect(await session.run(feeds)).toEqual({ updated: vector(4, 5), product: vector(5, 14) })
    expect(await session.run(feeds, ['product'])).toEqual({ product: vector(5, 14) })
    expect(feeds).toEqual({ parameter: vector(5, 7), gradient: vector(1, 2) })
    await session.dispose()
  })

  it('answers runs made at once each with its own result', async () => {
    const session = await openSessionInWorker(identityModel('float32'), cpu)
    const inputs = Array.from({ length: 20 }, (_, i) => vector(i, i + 0.5))
    const results = await Promise.all(inputs.map((x) => session.run({ x })))
    expect(results).toEqual(inputs.map((y) => ({ y })))
    await session.dispose()
  })

  it.runIf(process.platform === 'linux')('gives way with all its threads, if told to', async () => {
    const before = await politeThreads()
    const usual = await openSessionInWorker(updateModel(), { ...cpu, threads: 2 })
    expect(await politeThreads()).toBe(before)
    const session = await openSessionInWorker(updateModel(), {
      ...cpu,
      threads: 2,
      background: true,
    })
    // The worker's own, and the one beside it that onnxruntime computes with.
    expect(await politeThreads()).toBeGreaterThanOrEqual(before + 2)
    await Promise.all([usual.dispose(), session.dispose()])
  })

  it('leaves the calling thread free while a run takes long', async () => {
    const session = await openSessionInWorker(slowModel(20), cpu)
    let ticks = 0
    const timer = setInterval(() => ticks++, 1)
    const start = performance.now()
    await session.run({ x: square(700, 0.001) })
    const runMs = performance.now() - start
    clearInterval(timer)
    await session.dispose()
    // A blocked thread would tick once or twice, however long the run.
    expect(runMs).toBeGreaterThan(50)
    expect(ticks).toBeGreaterThan(10)
  })

  it('moves whole buffers when told to, and copies what shares a buffer', async () => {
    const session = await openSessionInWorker(updateModel(), { ...cpu, transfer: true })
    const parameter = vector(5, 7)
    const shared = Float32Array.of(1, 2, 3, 4)
    const gradient: TensorData = { type: 'float32', dims: [2], data: shared.subarray(0, 2) }
    const result = await session.run({ parameter, gradient }, ['updated'])
    expect(result).toEqual({ updated: vector(4, 5) })
    expect(parameter.data.length).toBe(0)
    expect([...shared]).toEqual([1, 2, 3, 4])

    const same = vector(3, 4)
    expect(await session.run({ parameter: same, gradient: same }, ['product'])).toEqual({
      product: vector(9, 16),
    })
    await session.dispose()
  })

  it('brings errors back as what they were, and goes on after one', async () => {
    await expect(openSessionInWorker(new Uint8Array(9), cpu)).rejects.toMatchObject({
      name: 'AppError',
      code: 'ONNX_INVALID',
    })
    const session = await openSessionInWorker(updateModel(), cpu)
    await expect(session.run({ parameter: vector(1) })).rejects.toThrow('gradient')
    const feeds = { parameter: vector(5), gradient: vector(1) }
    expect(await session.run(feeds, ['updated'])).toEqual({ updated: vector(4) })
    await session.dispose()
  })

  it('rejects waiting and later runs when it is disposed of', async () => {
    const session = await openSessionInWorker(slowModel(50), cpu)
    const waiting = [1, 2, 3].map(() => session.run({ x: square(500, 0) }))
    const settled = Promise.allSettled(waiting)
    await session.dispose()
    expect((await settled).map((result) => result.status)).toEqual(Array(3).fill('rejected'))
    await expect(session.run({ x: square(2, 0) })).rejects.toThrow('disposed')
  })
})
