import { readdir, utimes } from 'node:fs/promises'
import { expect, test, vi } from 'vitest'
import { createThumbnailCache } from '../../../main/library/thumbnails/thumbnailCache.js'
import { temporaryFolder } from '../../support/temporaryFolder.js'

const hashOf = (number: number) => number.toString(16).padStart(64, '0')

test('past its limit, the cache drops what was looked at longest ago', async () => {
  const folder = await temporaryFolder()
  let limit = 10_000
  const cache = createThumbnailCache({ folder, limitBytes: async () => limit })
  for (let number = 0; number < 10; number++) {
    const path = await cache.save(hashOf(number), 'tile', new Uint8Array(1_000))
    const usedAt = Date.UTC(2020, 0, 1 + number) / 1_000
    await utimes(path, usedAt, usedAt)
  }
  expect(await cache.sizeBytes()).toBe(10_000)
  // The oldest is looked at once more, which saves it.
  expect(await cache.find(hashOf(0), 'tile')).not.toBeNull()

  limit = 8_000
  await cache.save(hashOf(10), 'tile', new Uint8Array(1_000))
  // A tenth more than the limit asks for, so that files are not dropped one by one.
  await vi.waitFor(async () => expect(await cache.sizeBytes()).toBe(7_000))
  const left = await Promise.all(
    Array.from({ length: 11 }, (_, number) => cache.find(hashOf(number), 'tile')),
  )
  const kept = left.flatMap((path, number) => (path === null ? [] : [number]))
  expect(kept).toEqual([0, 5, 6, 7, 8, 9, 10])
  expect(await readdir(folder)).toEqual(['00'])
})
