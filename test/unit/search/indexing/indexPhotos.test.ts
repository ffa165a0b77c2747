/** Indexing over a real library and real files; only pixels and encoder are made up. */
import { readFile, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { scanRoot } from '../../../../main/library/scan/scanRoot.js'
import { systemClock } from '../../../../main/platform/clock.js'
import { indexPhotos } from '../../../../main/search/indexing/indexPhotos.js'
import { createSearchTraffic } from '../../../../main/search/searchTraffic.js'
import type { Database } from '../../../../main/storage/openDatabase.js'
import { AppError } from '../../../../shared/errors.js'
import { collect } from '../../../support/collect.js'
import { modelNamed, openLibrary } from '../../../support/openLibrary.js'
import { temporaryFolder } from '../../../support/temporaryFolder.js'

/** A scanned library with these files; their first byte is what `indexAll` takes for pixels. */
async function libraryOf(files: Readonly<Record<string, string>>) {
  const database = await openLibrary()
  const folder = await temporaryFolder()
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
  const root = await database.roots.add(folder, 1)
  const scan = async () => {
    const context = { database, root, clock: systemClock, onProgress: () => {} }
    await scanRoot({ ...context, signal: new AbortController().signal })
  }
  await scan()
  const { id: modelId } = await database.models.save(modelNamed('a'))
  return { database, folder, scan, modelId }
}

const firstByte = async (path: string) => Float32Array.of((await readFile(path))[0]!)

function indexAll(
  database: Database,
  modelId: number,
  loadPixels: (path: string) => Promise<Float32Array> = firstByte,
  signal = new AbortController().signal,
) {
  const encode = async (pixels: Float32Array) => ({ embeddings: pixels.slice(), pooled: null })
  return indexPhotos(
    {
      ...database,
      encoder: { encode },
      loadPixels,
      decoderVersion: 'v1',
      now: Date.now,
      makeWay: createSearchTraffic().pass,
    },
    { modelId, batchSize: 2, concurrency: 2, signal, onProgress: () => {} },
  )
}

async function embeddingsOf(database: Database, modelId: number): Promise<number[]> {
  const rows = await collect(database.embeddings.stream(modelId))
  return rows.map((row) => row.vector[0]!).sort((a, b) => a - b)
}

test('a file replaced since the scan does not give its picture to the old photo', async () => {
  const { database, folder, scan, modelId } = await libraryOf({
    'a.png': 'A',
    'b.png': 'B',
    'copy of b.png': 'B',
  })
  await writeFile(join(folder, 'a.png'), 'new content')
  await writeFile(join(folder, 'b.png'), 'C')
  await utimes(join(folder, 'b.png'), 1, 1)
  expect(await indexAll(database, modelId)).toEqual({ indexed: 1, failed: 0 })
  expect(await embeddingsOf(database, modelId)).toEqual([66])
  await scan()
  expect(await indexAll(database, modelId)).toEqual({ indexed: 2, failed: 0 })
  expect(await embeddingsOf(database, modelId)).toEqual([66, 67, 110])
})

test('what could not be read is tried again, what cannot be decoded is not', async () => {
  const { database, modelId } = await libraryOf({ 'a.png': 'A', 'b.png': 'B' })
  const failing = async (path: string): Promise<Float32Array> => {
    if (path.endsWith('a.png')) {
      throw new AppError('FILE_UNREADABLE', { path, reason: 'the disk reported a read error' })
    }
    throw new AppError('IMAGE_UNREADABLE', { path, reason: 'truncated' })
  }
  expect(await indexAll(database, modelId, failing)).toEqual({ indexed: 0, failed: 2 })
  expect(await database.encodingQueue.countFailures(modelId)).toBe(2)
  expect(await indexAll(database, modelId)).toEqual({ indexed: 1, failed: 0 })
  expect(await embeddingsOf(database, modelId)).toEqual([65])
  expect(await database.encodingQueue.countFailures(modelId)).toBe(1)
})

test('an interrupted run has written all that it says it has encoded', async () => {
  const names = Array.from({ length: 40 }, (_, i) => [`${i}.png`, `content ${i}`])
  const { database, modelId } = await libraryOf(Object.fromEntries(names))
  const abort = new AbortController()
  let saving = 0
  const saveMany: Database['embeddings']['saveMany'] = async (...rows) => {
    saving++
    await database.embeddings.saveMany(...rows)
    abort.abort(new Error('stopped'))
    await new Promise((resolve) => setTimeout(resolve, 50))
    saving--
  }
  const slowly = { ...database, embeddings: { ...database.embeddings, saveMany } }
  await expect(indexAll(slowly, modelId, firstByte, abort.signal)).rejects.toThrow()
  expect(saving).toBe(0)
})
