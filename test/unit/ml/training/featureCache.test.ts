import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  collectFeatures,
  type FeatureChunk,
} from '../../../../main/ml/training/features/featureCache.js'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'features-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

/** Features [number, -number] of each input; as the encoders do, a chunk counts its rows from 0. */
function computeExcept(unreadable: ReadonlySet<number>, calls: number[] = []) {
  return async (start: number, end: number): Promise<FeatureChunk> => {
    calls.push(start)
    const numbers = Array.from({ length: end - start }, (_, i) => start + i)
    const readable = numbers.some((n) => !unreadable.has(n))
    const values = numbers.flatMap((n) => (unreadable.has(n) ? [0, 0] : [n, -n]))
    return {
      dim: readable ? 2 : 0,
      data: Float32Array.from(readable ? values : []),
      skipped: numbers.flatMap((n, row) =>
        unreadable.has(n) ? [{ row, reason: `input ${n}` }] : [],
      ),
    }
  }
}

function collect(rows: number, compute: ReturnType<typeof computeExcept>) {
  const { signal } = new AbortController()
  return collectFeatures({ folder, rows, compute, signal, onProgress: () => {} })
}

describe('collectFeatures', () => {
  it('names the inputs that were skipped by their place among all', async () => {
    const { data, skipped } = await collect(300, computeExcept(new Set([3, 130, 299])))
    expect(skipped).toEqual([3, 130, 299].map((row) => ({ row, reason: `input ${row}` })))
    expect([...data.subarray(262, 264)]).toEqual([131, -131])
  })

  it.each([
    ['first', 0, 128],
    ['last', 256, 257],
  ])('goes on where nothing of the %s chunk can be read', async (_, from, to) => {
    const unreadable = new Set(Array.from({ length: to - from }, (_, i) => from + i))
    const { dim, data, skipped } = await collect(257, computeExcept(unreadable))
    expect(dim).toBe(2)
    expect(data).toHaveLength(257 * 2)
    expect(data[2 * 200]).toBe(200)
    expect(skipped.map(({ row }) => row)).toEqual([...unreadable])
  })

  it('computes no chunk twice', async () => {
    const calls: number[] = []
    const compute = computeExcept(new Set([130]), calls)
    const first = await collect(200, compute)
    expect(await collect(200, compute)).toEqual(first)
    expect(calls).toEqual([0, 128])
  })
})
