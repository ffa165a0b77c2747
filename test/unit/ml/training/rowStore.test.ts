import { mkdtemp, rm, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { openRowStore, storedBytes } from '../../../../main/ml/training/features/rowStore.js'

const made: string[] = []
afterEach(async () => {
  for (const folder of made.splice(0)) await rm(folder, { recursive: true, force: true })
})

async function temporaryFile(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'semblance-rows-'))
  made.push(folder)
  return join(folder, 'features', 'rows.bin')
}

/** Rows of different lengths: short ones are kept as they are, long ones in half precision. */
const lengths = Array.from({ length: 150 }, (_, row) => (row === 1 ? 5000 : 3 + (row % 4)))
const numberAt = (row: number, k: number) => row + k / 7

function open(path: string, computed: number[], signal = new AbortController().signal) {
  return openRowStore({
    path,
    lengths,
    signal,
    onProgress() {},
    async compute(start, end) {
      computed.push(start)
      const rows = Array.from({ length: end - start }, (_, i) =>
        Array.from({ length: lengths[start + i]! }, (_, k) => numberAt(start + i, k)),
      )
      const skipped = start === 0 ? [{ row: 2, reason: 'unreadable' }] : []
      return { data: Float32Array.from(rows.flat()), skipped }
    },
  })
}

describe('openRowStore', () => {
  it('gives each row back, short ones exactly and long ones halved', async () => {
    const store = await open(await temporaryFile(), [])
    const target = new Float32Array(10)
    await store.read(149, target, 2)
    const length = lengths[149]!
    const exact = Array.from({ length }, (_, k) => Math.fround(numberAt(149, k)))
    expect([...target.subarray(2, 2 + length)]).toEqual(exact)
    const long = new Float32Array(5000)
    await store.read(1, long, 0)
    long.forEach((value, k) => {
      expect(Math.abs(value - numberAt(1, k))).toBeLessThan(numberAt(1, k) * 2 ** -10)
    })
    expect(store.skipped).toEqual([{ row: 2, reason: 'unreadable' }])
    await store.dispose()
  })

  it('computes nothing twice, and what is missing again', async () => {
    const path = await temporaryFile()
    const computed: number[] = []
    await (await open(path, computed)).dispose()
    expect(computed).toEqual([0, 64, 128])
    const again = await open(path, computed)
    expect(computed).toHaveLength(3)
    expect(again.skipped).toHaveLength(1)
    await again.dispose()
    await truncate(path, storedBytes(lengths) - 1)
    const third = await open(path, computed)
    expect(computed.length).toBeGreaterThan(3)
    const target = new Float32Array(10)
    await third.read(149, target, 0)
    expect(target[0]).toBe(149)
    await third.dispose()
  })

  it('ends when it is told to', async () => {
    const stopping = new AbortController()
    stopping.abort(new Error('enough'))
    await expect(open(await temporaryFile(), [], stopping.signal)).rejects.toThrow('enough')
  })
})
