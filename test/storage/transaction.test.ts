/** Transactions fail as a whole. */
import { expect, test } from 'vitest'
import { modelNamed, openLibrary } from '../support/openLibrary.js'

test('a transaction that throws leaves nothing, and the library works on', async () => {
  const database = await openLibrary()
  const attempt = database.transaction(async ({ models, settings }) => {
    const model = await models.save(modelNamed('a'))
    await settings.set('activeModelId', model.id)
    throw new Error('thought better of it')
  })
  await expect(attempt).rejects.toThrow('thought better of it')
  expect(await database.models.list()).toEqual([])
  expect(await database.settings.get('activeModelId')).toBeNull()
})

test('a model that was removed and comes back keeps its id and takes its new place', async () => {
  const database = await openLibrary()
  const first = await database.models.save(modelNamed('a'))
  await database.models.markRemoved(first.id, 2)
  expect(await database.models.list()).toEqual([])
  const again = await database.models.save({ ...modelNamed('a'), path: '/elsewhere' })
  expect(again).toMatchObject({ id: first.id, path: '/elsewhere', removedAt: null })
  await database.settings.set('activeModelId', again.id)
  expect(await database.settings.get('activeModelId')).toBe(again.id)
})

test('what a person waits for is read while a transaction is under way, as it was before', async () => {
  const database = await openLibrary()
  const before = await database.models.save(modelNamed('a'))
  await database.transaction(async ({ models }) => {
    await models.save(modelNamed('b'))
    expect(await database.reads.models.list()).toEqual([before])
  })
  expect(await database.reads.models.list()).toHaveLength(2)
})

test('nothing is written where only reading is meant', async () => {
  const database = await openLibrary()
  const model = await database.models.save(modelNamed('a'))
  await expect(database.reads.settings.set('activeModelId', model.id)).rejects.toMatchObject({
    code: 'FILE_UNREADABLE',
  })
  expect(await database.settings.get('activeModelId')).toBeNull()
})
