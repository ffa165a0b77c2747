import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { resolveEntry } from '../../../main/platform/entries.js'
import { startWorker } from '../../../main/platform/workerCalls.js'

type TestCalls = {
  double(value: number): number
  later(ms: number): number
  give(length: number): Float32Array
  length(array: Float32Array): number
  fail(code: string | null): never
  crash(argument: null): void
  untilStopped(argument: null): string
}

describe('startWorker and serveCalls', () => {
  let folder: string
  let entry: URL
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'worker-'))
    entry = pathToFileURL(join(folder, 'worker.mjs'))
    const served = resolveEntry(import.meta.url, '../../../main/platform/workerCalls.js')
    const errors = resolveEntry(import.meta.url, '../../../shared/errors.js')
    await writeFile(
      entry,
      `import { writeFileSync } from 'node:fs'
       import { moved, serveCalls } from ${JSON.stringify(served.href)}
       import { AppError } from ${JSON.stringify(errors.href)}
       serveCalls((data, isStopping) => {
         if (data === 'broken') throw new AppError('FILE_NOT_FOUND', { path: 'x' })
         return {
           calls: {
             double: (value) => 2 * value,
             later: (ms) => new Promise((resolve) => setTimeout(resolve, ms, ms)),
             give: (length) => { const a = new Float32Array(length); return moved(a, [a.buffer]) },
             length: (array) => array.length,
             fail: (code) => { throw code ? new AppError(code, { path: 'y' }) : new Error('plain') },
             crash: () => { setImmediate(() => { throw new Error('boom') }) ; return new Promise(() => {}) },
             untilStopped: () => { while (!isStopping()) {} return 'stopped' },
           },
           close: () => data?.mark && writeFileSync(data.mark, 'closed'),
         }
       })`,
    )
  })
  afterAll(() => rm(folder, { recursive: true }))
  const start = (data?: unknown) => startWorker<TestCalls>('test', entry, data)

  it('calls functions, and moves arrays both ways', async () => {
    const worker = start()
    expect(await Promise.all([worker.call('double', 2), worker.call('double', 3)])).toEqual([4, 6])
    expect(await Promise.all([worker.call('later', 20), worker.call('later', 1)])).toEqual([20, 1])
    expect(await worker.call('give', 5)).toEqual(new Float32Array(5))
    const sent = new Float32Array(7)
    expect(await worker.call('length', sent, [sent.buffer])).toBe(7)
    expect(sent.length).toBe(0)
    await worker.dispose()
  })

  it('throws what the function threw', async () => {
    const worker = start()
    await expect(worker.call('fail', 'FILE_NOT_FOUND')).rejects.toMatchObject({
      code: 'FILE_NOT_FOUND',
      data: { path: 'y' },
    })
    await expect(worker.call('fail', null)).rejects.toThrow('plain')
    expect(await worker.call('double', 1)).toBe(2)
    await worker.dispose()
  })

  it('answers every call with the error that kept it from opening', async () => {
    const worker = start('broken')
    for (const _ of [1, 2]) {
      await expect(worker.call('double', 1)).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' })
    }
    await worker.dispose()
  })

  it('rejects waiting and later calls when the thread crashes', async () => {
    const worker = start()
    const waiting = [worker.call('crash', null), worker.call('later', 60_000)]
    for (const result of await Promise.allSettled(waiting)) {
      expect(result).toMatchObject({
        status: 'rejected',
        reason: { message: 'the test thread crashed', cause: { message: 'boom' } },
      })
    }
    await expect(worker.call('double', 1)).rejects.toThrow('crashed')
    await worker.dispose()
  })

  it('asks a long call to stop, skips what waits behind it, and closes', async () => {
    const mark = join(folder, 'mark')
    const worker = start({ mark })
    const waiting = Promise.allSettled([
      worker.call('untilStopped', null),
      worker.call('untilStopped', null),
    ])
    await new Promise((resolve) => setTimeout(resolve, 200))
    await worker.dispose()
    for (const result of await waiting) expect(result).toMatchObject({ status: 'rejected' })
    expect(await readFile(mark, 'utf8')).toBe('closed')
    await worker.dispose()
  })
})
