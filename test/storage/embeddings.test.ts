/** Embeddings: bit-exact, streamed in pages, and stamped by a version that changes when they do. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { collect } from '../support/collect.js'
import { addPhotos, modelNamed, openLibrary } from '../support/openLibrary.js'

async function libraryWithModel(photoCount: number) {
  const database = await openLibrary()
  const photoIds = await addPhotos(
    database,
    Array.from({ length: photoCount }, (_, index) => `photo${index}`),
  )
  const model = await database.models.save(modelNamed('a'))
  return { database, photoIds, modelId: model.id }
}

test('vectors come back bit for bit, with their pooled features', async () => {
  const { database, photoIds, modelId } = await libraryWithModel(1)
  const photoId = photoIds[0]!
  const property = fc.asyncProperty(
    fc.float32Array({ minLength: 1, maxLength: 40 }),
    fc.option(fc.uint16Array({ minLength: 1, maxLength: 40 })),
    async (embedding, pooled) => {
      await database.embeddings.saveMany(modelId, [{ photoId, embedding, pooled }])
      const streamed = await collect(database.embeddings.stream(modelId))
      expect(streamed).toEqual([{ photoId, vector: embedding }])
      const features = await collect(database.embeddings.streamPooled(modelId))
      expect(features).toEqual(pooled ? [{ photoId, pooled }] : [])
    },
  )
  await fc.assert(property, { numRuns: 50 })
})

test('a view into a larger array is stored without its surroundings', async () => {
  const { database, photoIds, modelId } = await libraryWithModel(2)
  const all = Float32Array.of(1, 2, 3, 4, 5, 6)
  const rows = photoIds.map((photoId, index) => ({
    photoId,
    embedding: all.subarray(index * 3, index * 3 + 3),
    pooled: null,
  }))
  await database.embeddings.saveMany(modelId, rows)
  const found = await database.embeddings.getMany(modelId, photoIds)
  expect(found.get(photoIds[1]!)).toEqual(Float32Array.of(4, 5, 6))
})

test('a stream gives each embedding of its own model once, across pages', async () => {
  const { database, photoIds, modelId } = await libraryWithModel(2_300)
  const other = await database.models.save(modelNamed('b'))
  const row = (photoId: number) => ({ photoId, embedding: Float32Array.of(photoId), pooled: null })
  await database.embeddings.saveMany(modelId, photoIds.map(row))
  await database.embeddings.saveMany(other.id, photoIds.slice(0, 5).map(row))
  const ids: number[] = []
  for await (const { photoId, vector } of database.embeddings.stream(modelId)) {
    expect(vector[0]).toBe(photoId)
    ids.push(photoId)
  }
  expect(ids).toEqual(photoIds)
  const aborted = collect(database.embeddings.stream(modelId, AbortSignal.abort()))
  await expect(aborted).rejects.toThrow()
})

test('the version changes with every change and only then', async () => {
  const { database, photoIds, modelId } = await libraryWithModel(2)
  const { embeddings } = database
  const seen = [await embeddings.version(modelId)]
  const save = (photoId: number, value: number) =>
    embeddings.saveMany(modelId, [{ photoId, embedding: Float32Array.of(value), pooled: null }])
  await save(photoIds[0]!, 1)
  seen.push(await embeddings.version(modelId))
  await save(photoIds[0]!, 2)
  seen.push(await embeddings.version(modelId))
  await save(photoIds[1]!, 2)
  seen.push(await embeddings.version(modelId))
  await database.photos.deleteUnused()
  seen.push(await embeddings.version(modelId))
  await embeddings.deleteModel(modelId)
  seen.push(await embeddings.version(modelId))
  expect(new Set(seen).size).toBe(seen.length)
  expect(await embeddings.version(modelId)).toBe(seen.at(-1))
})
