/** What could not be used: counted in full, and seen in full, page by page. */
import { expect, test } from 'vitest'
import type { Database } from '../../main/storage/openDatabase.js'
import type { FailureFilter } from '../../main/storage/repositories/failures.js'
import { addPhotos, modelNamed, openLibrary, presentFile } from '../support/openLibrary.js'

const unreadable = (rootId: number, relativePath: string, errorReason: string) => ({
  ...presentFile(0, rootId, relativePath),
  photoId: null,
  state: 'failed' as const,
  errorReason,
})

async function failEncoding(database: Database, modelId: number, photoIds: readonly number[]) {
  const why = { code: 'IMAGE_UNREADABLE', reason: 'cut off', sourceVersion: 'v1', failedAt: 5 }
  await database.encodingQueue.recordFailures(
    modelId,
    photoIds.map((photoId) => ({ photoId, ...why })),
  )
}

async function paths({ failures }: Database, filter: FailureFilter, offset: number, limit: number) {
  const page = await failures.list(filter, { offset, limit })
  return page.map(({ rootPath, relativePath }) => `${rootPath}/${relativePath}`)
}

test('each of many failures is on one page', async () => {
  const database = await openLibrary()
  const root = await database.roots.add('/pictures', 1)
  const { id: modelId } = await database.models.save(modelNamed('a'))
  const names = Array.from({ length: 1_300 }, (_, at) => `${String(at).padStart(4, '0')}.jpg`)
  const empty = names.map((name) => unreadable(root.id, name, 'no bytes'))
  await database.files.saveMany([...empty, unreadable(root.id, 'other.jpg', 'only text')])
  expect(await database.failures.countByReason({ modelId })).toEqual([
    { reason: 'no bytes', count: 1_300 },
    { reason: 'only text', count: 1 },
  ])
  const filter = { modelId, reason: 'no bytes' }
  expect(await database.failures.count(filter)).toBe(1_300)
  const seen: string[] = []
  for (let offset = 0; offset < 1_500; offset += 500) {
    seen.push(...(await paths(database, filter, offset, 500)))
  }
  expect(seen).toEqual(names.map((name) => `/pictures/${name}`))
})

test('a photo is named once, by a file that can be reached if there is one', async () => {
  const database = await openLibrary()
  const away = await database.roots.add('/away', 1)
  const here = await database.roots.add('/pictures', 1)
  await database.roots.setState(away.id, 'offline')
  const { id: modelId } = await database.models.save(modelNamed('a'))
  const [twice = 0, afar = 0, nowhere = 0] = await addPhotos(database, ['a', 'b', 'c'])
  await database.files.saveMany([
    presentFile(twice, away.id, 'a.jpg'),
    presentFile(twice, here.id, 'a.jpg'),
    presentFile(afar, away.id, 'b.jpg'),
    { ...presentFile(nowhere, here.id, 'c.jpg'), state: 'missing' },
  ])
  await failEncoding(database, modelId, [twice, afar, nowhere])
  expect(await paths(database, { modelId }, 0, 10)).toEqual(['/away/b.jpg', '/pictures/a.jpg'])
  const ofRoot = { modelId, rootId: here.id }
  expect(await paths(database, ofRoot, 0, 10)).toEqual(['/pictures/a.jpg'])
  expect(await database.failures.count(ofRoot)).toBe(1)
  expect(await database.failures.countByReason({ modelId: null })).toEqual([])
})
