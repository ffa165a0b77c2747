/** Objects in photos: kept per model, gone with the photo and the model, found by class. */
import { expect, test } from 'vitest'
import type { PhotoObject } from '../../shared/domain/photo.js'
import { addPhotos, modelNamed, openLibrary } from '../support/openLibrary.js'

const box = { left: 0.25, top: 0, right: 0.75, bottom: 1 }
const thing = (name: string, score = 0.5): PhotoObject => ({ name, score, box })

async function libraryWithObjects() {
  const database = await openLibrary()
  const [a, b, c] = (await addPhotos(database, ['a', 'b', 'c'])) as [number, number, number]
  const first = await database.models.save(modelNamed('first'))
  const second = await database.models.save(modelNamed('second'))
  await database.objects.saveMany(first.id, [
    { photoId: a, objects: [thing('dog', 0.9), thing('dog', 0.6), thing('person')] },
    { photoId: b, objects: [thing('dog', 0.7)] },
    { photoId: c, objects: [] },
  ])
  return { database, objects: database.objects, a, b, c, first: first.id, second: second.id }
}

test('a photo shows what the model in use found, or else the newest that has looked', async () => {
  const { objects, a, b, c, first, second } = await libraryWithObjects()
  expect(await objects.ofPhoto(a, first)).toEqual([
    thing('dog', 0.9),
    thing('dog', 0.6),
    thing('person'),
  ])
  await objects.saveMany(second, [{ photoId: a, objects: [] }])
  expect(await objects.ofPhoto(a, second)).toEqual([])
  expect(await objects.ofPhoto(a, first)).toHaveLength(3)
  expect(await objects.ofPhoto(b, second)).toEqual([thing('dog', 0.7)])
  expect(await objects.ofPhoto(c, null)).toEqual([])
  // Looking again replaces what was found.
  await objects.saveMany(first, [{ photoId: a, objects: [thing('cat')] }])
  expect(await objects.ofPhoto(a, first)).toEqual([thing('cat')])
})

test('what one model found is not counted twice when another one has found it too', async () => {
  const { objects, a, b, c, first, second } = await libraryWithObjects()
  await objects.copy(first, second, [a, b, c])
  expect(await objects.ofPhoto(a, second)).toEqual(await objects.ofPhoto(a, first))
  expect(await objects.countIn([a, b, c], ['dog'])).toEqual([
    { photoId: a, name: 'dog', count: 2 },
    { photoId: b, name: 'dog', count: 1 },
  ])
})

test('photos are found by several classes, the most of them first, then by how sure', async () => {
  const { objects, a, b, c, first } = await libraryWithObjects()
  await objects.saveMany(first, [{ photoId: c, objects: [thing('dog', 0.8)] }])
  const search = async (wanted: string[][], unwanted: string[] = []) => {
    const once = wanted.map((names) => ({ names, amount: 1 }))
    const { ids, sure } = await objects.search(once, unwanted)
    return [[...ids], sure]
  }
  expect(await search([['dog'], ['person']])).toEqual([[a, c, b], 1])
  expect(await search([['person', 'dog']])).toEqual([[a, c, b], 3])
  expect(await search([['dog']], ['person'])).toEqual([[c, b], 2])
  expect(await search([], ['person'])).toEqual([[], 0])
  expect(await search([['zebra']])).toEqual([[], 0])
  // Half sure at least, in the mean of all that is wanted.
  await objects.saveMany(first, [{ photoId: b, objects: [thing('dog', 0.4)] }])
  expect(await search([['dog']])).toEqual([[a, c, b], 2])
  const pairs = await objects.search([{ names: ['dog'], amount: 2 }], [])
  expect([[...pairs.ids], pairs.sure]).toEqual([[a, c, b], 1])
  await objects.saveMany(first, [
    { photoId: b, objects: [thing('dog', 0.55), thing('dog', 0.5), thing('dog', 0.5)] },
  ])
  const three = await objects.search([{ names: ['dog'], amount: 3 }], [])
  expect([[...three.ids], three.sure]).toEqual([[b, a, c], 1])
  expect(await objects.names()).toEqual(new Set(['dog', 'person']))
})

test('objects go with their photo, with their model, and when they are switched off', async () => {
  const { database, objects, a, b, first, second } = await libraryWithObjects()
  await objects.copy(first, second, [a])
  await objects.deleteModel(first)
  expect(await objects.ofPhoto(b, first)).toEqual([])
  expect(await objects.ofPhoto(a, null)).toHaveLength(3)
  await database.photos.deleteUnused()
  expect(await objects.ofPhoto(a, null)).toEqual([])
  const { photoId } = { photoId: (await addPhotos(database, ['d']))[0]! }
  await objects.saveMany(first, [{ photoId, objects: [thing('dog')] }])
  await objects.forgetAll()
  expect(await objects.ofPhoto(photoId, first)).toEqual([])
})
