/** Full text follows names, captions and tags by triggers, and takes no text for syntax. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Database } from '../../main/storage/openDatabase.js'
import { addPhotos, openLibrary, presentFile } from '../support/openLibrary.js'

async function openWithRoot() {
  const database = await openLibrary()
  const root = await database.roots.add('/home/me/Summer Álbum', 1)
  const fileOf = (photoId: number, path: string) => presentFile(photoId, root.id, path)
  return { database, fileOf }
}

async function find(database: Database, ...all: string[]): Promise<number[]> {
  return [...(await database.fullText.search({ all, none: [], unfinished: false }))]
}

test('names, folders, captions and tags are found by their words, whatever their form', async () => {
  const { database, fileOf } = await openWithRoot()
  const [a = 0, b = 0] = await addPhotos(database, ['a', 'b'])
  await database.files.saveMany([fileOf(a, 'Rome/2024/IMG_Fountain-01.jpg'), fileOf(b, 'x.jpg')])
  await database.captions.addMany([{ photoId: b, text: 'Two cafés in the rain', source: 'user' }])
  await database.tags.addMany([{ photoId: b, text: 'Reisen', source: 'user' }])
  expect(await find(database, 'fountain')).toEqual([a])
  expect(await find(database, 'fountains', 'rome')).toEqual([a])
  expect(await find(database, 'CAFE')).toEqual([b])
  expect(await find(database, 'cafés in the')).toEqual([b])
  expect(await find(database, 'in cafés the')).toEqual([])
  expect(await find(database, 'reisen', 'rain')).toEqual([b])
  expect((await find(database, 'album')).sort()).toEqual([a, b])
  expect(await find(database, 'jpg')).toEqual([])
  const some = await database.fullText.search({
    all: ['summer'],
    none: ['rain', 'snow'],
    unfinished: false,
  })
  expect([...some]).toEqual([a])
})

test('what people say of a photo counts more than where it lies', async () => {
  const { database, fileOf } = await openWithRoot()
  const [a = 0, b = 0] = await addPhotos(database, ['a', 'b'])
  await database.files.saveMany([fileOf(a, 'beach/one.jpg'), fileOf(b, 'other/two.jpg')])
  await database.tags.addMany([{ photoId: b, text: 'beach', source: 'user' }])
  expect(await find(database, 'beach')).toEqual([b, a])
})

test('every change of a file or word is in the text at once, and undone with its transaction', async () => {
  const { database, fileOf } = await openWithRoot()
  const [a = 0, b = 0] = await addPhotos(database, ['a', 'b'])
  const [file] = [fileOf(a, 'old name.jpg')]
  await database.files.saveMany([file!])
  await database.captions.replace(a, 'user', ['first words'])
  await database.captions.replace(a, 'user', ['second words'])
  expect(await find(database, 'first')).toEqual([])
  expect(await find(database, 'second', 'old')).toEqual([a])
  const failing = database.transaction(async ({ captions }) => {
    await captions.replace(a, 'user', ['third words'])
    throw new Error('stop')
  })
  await expect(failing).rejects.toThrow('stop')
  expect(await find(database, 'second')).toEqual([a])
  // The path now holds another photo.
  await database.files.saveMany([{ ...file!, photoId: b }])
  expect(await find(database, 'old')).toEqual([b])
  await database.files.saveMany([{ ...file!, photoId: b, state: 'missing' }])
  expect(await find(database, 'old')).toEqual([])
  await database.files.markUnseenMissing(file!.rootId, 2)
  await database.captions.replace(a, 'user', [])
  expect(await find(database, 'second')).toEqual([])
})

test('words of writing without spaces are found within a run of letters', async () => {
  const { database, fileOf } = await openWithRoot()
  const [a = 0, b = 0, c = 0] = await addPhotos(database, ['a', 'b', 'c'])
  await database.files.saveMany([fileOf(a, '白い猫.jpg'), fileOf(b, 'x.jpg'), fileOf(c, 'y.jpg')])
  await database.captions.addMany([
    { photoId: b, text: '雪の中の白い猫と犬', source: 'user' },
    { photoId: c, text: 'a white dog, 白い犬', source: 'user' },
  ])
  expect(await find(database, '猫')).toEqual([b, a])
  expect(await find(database, '白い犬')).toEqual([c])
  expect(await find(database, '猫', '犬')).toEqual([b])
  expect(await find(database, '犬', 'white')).toEqual([c])
  expect(await find(database, '鳥')).toEqual([])
  const search = async (all: string[], none: string[]) => [
    ...(await database.fullText.search({ all, none, unfinished: true })),
  ]
  expect(await search(['白い'], ['猫'])).toEqual([c])
  expect((await search(['白い'], ['white'])).sort()).toEqual([a, b].sort())
  expect(await search(['white'], ['猫'])).toEqual([c])
  expect(await search(['白い', 'whi'], [])).toEqual([c])
  const query = { all: ['白い犬', 'white'], none: [], unfinished: false }
  const told = await database.fullText.matches([a, b, c], query)
  expect([...told.keys()]).toEqual([c])
  expect(told.get(c)).toEqual([{ kind: 'caption', text: 'a white dog, 白い犬' }])
})

test('a photo that is forgotten leaves no text', async () => {
  const { database } = await openWithRoot()
  const [a = 0] = await addPhotos(database, ['a'])
  await database.captions.addMany([{ photoId: a, text: 'soon gone', source: 'user' }])
  expect(await find(database, 'gone')).toEqual([a])
  await database.captions.replace(a, 'user', [])
  await database.photos.deleteUnused()
  expect(
    await database.fullText.matches([a], { all: ['gone'], none: [], unfinished: false }),
  ).toEqual(new Map())
})

test('the texts in which a word stands are told one by one', async () => {
  const { database, fileOf } = await openWithRoot()
  const [a = 0] = await addPhotos(database, ['a'])
  await database.files.saveMany([fileOf(a, 'dogs/a dog.jpg')])
  const captions = ['my dog runs', 'a cat sits', 'dogs <b>&amp;</b>']
  await database.captions.addMany(captions.map((text) => ({ photoId: a, text, source: 'user' })))
  const told =
    (await database.fullText.matches([a], { all: ['dog'], none: [], unfinished: false })).get(a) ??
    []
  expect(new Set(told.map(({ kind, text }) => `${kind}: ${text}`))).toEqual(
    new Set([
      'caption: my dog runs',
      'caption: dogs <b>&amp;</b>',
      'name: a dog',
      'name: Summer Álbum/dogs/',
    ]),
  )
})

test('a word that is still being typed finds what begins with it, unless it is a word already', async () => {
  const { database, fileOf } = await openWithRoot()
  const [a = 0, b = 0] = await addPhotos(database, ['a', 'b'])
  await database.files.saveMany([fileOf(a, 'lighthouse.jpg'), fileOf(b, 'light in the house.jpg')])
  const typed = async (...all: string[]) => {
    const query = { all, none: [], unfinished: true }
    const told = await database.fullText.matches([a, b], query)
    const found = [...(await database.fullText.search(query))].sort()
    expect([...told.keys()].sort()).toEqual(found)
    return found
  }
  expect(await typed('ligh')).toEqual([a, b])
  expect(await typed('lightho')).toEqual([a])
  expect(await typed('light')).toEqual([b])
  expect(await typed('in', 'house')).toEqual([b])
  expect(await typed('l')).toEqual([])
  expect(await find(database, 'ligh')).toEqual([])
})

test('whatever a person types is words, never syntax', async () => {
  const { database, fileOf } = await openWithRoot()
  const [a = 0] = await addPhotos(database, ['a'])
  await database.files.saveMany([fileOf(a, 'near.jpg')])
  const typed = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 12 }),
    fc.constantFrom(
      '"',
      '*',
      'NEAR(a b)',
      'a OR',
      'name:x',
      '^a',
      '-a',
      "'",
      '\0a',
      '{a b}',
      '猫',
      '猫\0"',
      '%犬_',
      '(',
      '',
    ),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(typed, { maxLength: 4 }), typed, async (all, none) => {
      const query = { all, none: [none], unfinished: true }
      await database.fullText.search(query)
      await database.fullText.matches([a], query)
    }),
    { numRuns: 300 },
  )
  expect(await find(database, 'near')).toEqual([a])
  expect(await find(database, 'near" OR "x')).toEqual([])
  expect(await find(database, 'nea*')).toEqual([])
})
