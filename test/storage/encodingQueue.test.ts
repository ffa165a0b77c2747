/** What is left to encode: each photo once, failures only again when there is cause. */
import { expect, test } from 'vitest'
import { addPhotos, modelNamed, openLibrary, presentFile } from '../support/openLibrary.js'

async function libraryWithFiles() {
  const database = await openLibrary()
  const root = await database.roots.add('/pictures', 1)
  const photoIds = await addPhotos(database, ['a', 'b', 'c'])
  const file = (photoId: number | undefined, relativePath: string) =>
    presentFile(photoId!, root.id, relativePath)
  await database.files.saveMany([
    file(photoIds[0], 'a.png'),
    file(photoIds[0], 'copy of a.png'),
    file(photoIds[1], 'b.png'),
  ])
  const model = await database.models.save(modelNamed('a'))
  return { database, root, photoIds, modelId: model.id }
}

test('a photo is due once, with all its paths; one without a file is not', async () => {
  const { database, photoIds, modelId } = await libraryWithFiles()
  const { encodingQueue, embeddings } = database
  const due = await encodingQueue.next(modelId, 'v1')
  expect(due.map((photo) => [photo.photoId, photo.files.map((f) => f.relativePath)])).toEqual([
    [photoIds[0], ['a.png', 'copy of a.png']],
    [photoIds[1], ['b.png']],
  ])
  const row = { photoId: photoIds[0]!, embedding: Float32Array.of(1), pooled: null }
  await embeddings.saveMany(modelId, [row])
  expect(await encodingQueue.count(modelId, 'v1')).toBe(1)
  expect(await encodingQueue.next(modelId, 'v1', { afterPhotoId: photoIds[1]! })).toEqual([])
})

test('a failed photo waits for another decoder, a changed file, or the user', async () => {
  const { database, photoIds, modelId } = await libraryWithFiles()
  const { encodingQueue } = database
  const fail = () =>
    encodingQueue.recordFailures(modelId, [
      {
        photoId: photoIds[1]!,
        code: 'IMAGE_UNREADABLE',
        reason: 'cut off',
        sourceVersion: 'v1',
        failedAt: 5,
      },
    ])
  const count = (version: string) => encodingQueue.count(modelId, version)
  await fail()
  expect([await count('v1'), await count('v2')]).toEqual([1, 2])
  await encodingQueue.forgetFailures([photoIds[1]!])
  expect(await count('v1')).toBe(2)
  await fail()
  expect(await encodingQueue.forgetAllFailures()).toBe(1)
  expect(await count('v1')).toBe(2)
  await fail()
  const row = { photoId: photoIds[1]!, embedding: Float32Array.of(1), pooled: null }
  await database.embeddings.saveMany(modelId, [row])
  expect(await encodingQueue.countFailures(modelId)).toBe(0)
})

test('nothing of an offline root is due, and its photos are located as offline', async () => {
  const { database, root, photoIds, modelId } = await libraryWithFiles()
  await database.roots.setState(root.id, 'offline')
  expect(await database.encodingQueue.count(modelId, 'v1')).toBe(0)
  const located = await database.photos.locate(photoIds)
  expect(located.get(photoIds[0]!)).toMatchObject([
    { relativePath: 'a.png', offline: true },
    { relativePath: 'copy of a.png', offline: true },
  ])
  expect([...located.keys()]).toEqual(photoIds.slice(0, 2))
  expect(await database.photos.countWithFile()).toBe(2)
})
