import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { writeLargePhotos } from '../../../bench/largePhotos.js'
import { decodeImage } from '../../../main/platform/images/decodeImage.js'
import { readImageInfo } from '../../../main/platform/images/readImageInfo.js'

const folder = await mkdtemp(join(tmpdir(), 'large-photos-'))
afterAll(() => rm(folder, { recursive: true }))

it('writes JPEGs of 12 megapixels that are whole', async () => {
  const { paths, meanBytes } = await writeLargePhotos(folder, 1)
  const [path] = paths
  expect(await readImageInfo(path!)).toEqual({ width: 4000, height: 3000, format: 'jpeg' })
  expect((await readFile(path!)).length).toBe(meanBytes)
  const { data } = await decodeImage(path!, { width: 64, height: 64, fit: 'cover' })
  expect(data.length).toBe(64 * 64 * 3)
  expect(new Set(data).size).toBeGreaterThan(30)
})
