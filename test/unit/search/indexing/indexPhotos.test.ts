/** Indexing over a real library and real files; only pixels and encoder are made up. */
import { readFile, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { scanRoot } from '../../../../main/library/scan/scanRoot.js'
import { systemClock } from '../../../../main/platform/clock.js'
import { indexPhotos, type PixelSource } from '../../../../main/search/indexing/indexPhotos.js'
import { createSearchTraffic } from '../../../../main/search/searchTraffic.js'
import type { Database } from '../../../../main/storage/openDatabase.js'
import type { PhotoObject } from '../../../../shared/domain/photo.js'
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

const firstByte = async (path: string) => (await readFile(path)).subarray(0, 1)

function indexAll(
  database: Database,
  modelId: number,
  load: PixelSource['load'] = firstByte,
  signal = new AbortController().signal,
  wantsObjects?: () => Promise<boolean>,
  onlyObjects = false,
) {
  const encode = async (pixels: Float32Array) => ({
    embeddings: pixels.slice(),
    pooled: null,
    objects: wantsObjects ? Array.from(pixels, (value) => [foundIn(value)]) : null,
  })
  return indexPhotos(
    {
      ...database,
      encoder: { encode },
      pixels: { length: 1, load, write: (rgb, out, offset) => out.set(rgb, offset) },
      decoderVersion: 'v1',
      now: Date.now,
      makeWay: createSearchTraffic().pass,
    },
    {
      modelId,
      batchSize: 2,
      concurrency: 2,
      signal,
      onProgress: () => {},
      wantsObjects: wantsObjects ?? (async () => false),
      onlyObjects,
    },
  )
}

/** A thing named by the letter that stands for the pixels. */
function foundIn(pixel: number): PhotoObject {
  const box = { left: 0, top: 0.25, right: 0.5, bottom: 1 }
  return { name: String.fromCharCode(pixel), score: 0.5, box }
}

async function namesFound(database: Database, modelId: number): Promise<string[][]> {
  const photoIds = await database.embeddings.photoIds(modelId)
  const all = await Promise.all([...photoIds].map((id) => database.objects.ofPhoto(id, modelId)))
  return all.map((objects) => objects.map(({ name }) => name))
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
  const failing = async (path: string): Promise<Uint8Array> => {
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

test('what the encoder finds is kept with the embedding, and looked for again only where it was not', async () => {
  const { database, modelId } = await libraryOf({ 'a.png': 'A', 'b.png': 'B', 'c.png': 'C' })
  const wanted = async () => true
  expect(await indexAll(database, modelId)).toEqual({ indexed: 3, failed: 0 })
  expect(await namesFound(database, modelId)).toEqual([[], [], []])
  const version = await database.embeddings.version(modelId)
  // A kill after the first batch: the others are pending still.
  const stop = new AbortController()
  const saveMany: Database['objects']['saveMany'] = async (...rows) => {
    await database.objects.saveMany(...rows)
    stop.abort(new Error('stopped'))
  }
  const killed = { ...database, objects: { ...database.objects, saveMany } }
  await indexAll(killed, modelId, firstByte, stop.signal, wanted).catch(() => {})
  const left = await database.encodingQueue.count(modelId, 'v1', { objects: true })
  expect(await indexAll(database, modelId, firstByte, undefined, wanted)).toEqual({
    indexed: left,
    failed: 0,
  })
  const names = (await namesFound(database, modelId)).flat().sort()
  expect(names).toEqual(['A', 'B', 'C'])
  // Their embeddings were there, so nothing made of them is stale.
  expect(await database.embeddings.version(modelId)).toBe(version)
  expect(await indexAll(database, modelId, firstByte, undefined, wanted)).toEqual({
    indexed: 0,
    failed: 0,
  })
})

test('one model looks for things where none has, and makes no embeddings', async () => {
  const { database, modelId } = await libraryOf({ 'a.png': 'A', 'b.png': 'B' })
  const wanted = async () => true
  const { id: finder } = await database.models.save(modelNamed('finder'))
  const look = (on = wanted) => indexAll(database, finder, firstByte, undefined, on, true)
  const left = () => database.encodingQueue.count(finder, 'v1', { objects: 'only' })
  expect(await look(async () => false)).toEqual({ indexed: 0, failed: 0 })
  expect(await left()).toBe(2)
  expect(await look()).toEqual({ indexed: 2, failed: 0 })
  expect(await embeddingsOf(database, finder)).toEqual([])
  await indexAll(database, modelId)
  expect((await namesFound(database, modelId)).flat().sort()).toEqual(['A', 'B'])
  // Another version of it leaves alone what is known.
  const { id: newer } = await database.models.save(modelNamed('newer finder'))
  expect(await database.encodingQueue.count(newer, 'v1', { objects: 'only' })).toBe(0)
  expect(await look()).toEqual({ indexed: 0, failed: 0 })
})

test('what is switched off while photos are indexed leaves nothing behind', async () => {
  const { database, modelId } = await libraryOf({ 'a.png': 'A', 'b.png': 'B', 'c.png': 'C' })
  let asked = 0
  // On at the beginning and when the first batch is to be written; off when that is done.
  const wanted = async () => ++asked <= 2
  expect(await indexAll(database, modelId, firstByte, undefined, wanted)).toEqual({
    indexed: 3,
    failed: 0,
  })
  expect((await namesFound(database, modelId)).flat()).toEqual([])
  expect(await database.encodingQueue.count(modelId, 'v1', { objects: true })).toBe(3)
})
