/** Queries in the whole language, answered by a real library with the model that ships. */
import { mkdtemp, readFile, realpath, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createEngine, type Engine } from '../../../main/engine/createEngine.js'
import { unpack } from '../../../shared/domain/packed.js'
import { rankedPhotosSchema } from '../../../shared/domain/search.js'
import { writeIcons } from '../../support/iconFolder.js'

const run = { signal: new AbortController().signal, onProgress: () => {} }
/** Names that say nothing, so that pictures are found by what they show. */
const icons = {
  'pets/a1': 'dog-face',
  'pets/a2': 'cat-face',
  'pets/a3': 'rabbit-face',
  'food/b1': 'red-apple',
  'food/b2': 'pizza',
  'food/b3': 'hamburger',
  'food/b4': 'banana',
  'Äußeres/c1': 'automobile',
  'Äußeres/c2': 'bicycle',
  'Äußeres/c3': 'airplane',
  'Äußeres/c4': 'sailboat',
  'holidays 2024/sunset at the sea': 'guitar',
}
let engine: Engine
let folder: string

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'semblance-')))
  await writeIcons(join(folder, 'pictures'), icons)
  engine = createEngine({ libraryFolder: join(folder, 'library') })
  await engine.library.addFolders([join(folder, 'pictures')], run)
  await engine.library.index({ device: 'cpu' }, run)
})
afterAll(async () => {
  await engine.dispose()
  await rm(folder, { recursive: true })
})

async function search(query: string, order: 'relevance' | 'newest' | 'oldest' = 'relevance') {
  const { calls } = engine.search
  const result = await calls.run({ query, order, model: null })
  rankedPhotosSchema.parse(result)
  const ids = [...unpack(result.ids)]
  expect(ids).toHaveLength(result.total)
  const names = await readNames()
  return { ...result, ids, names: ids.map((id) => names.get(id) ?? '') }
}

/** Paths of indexed photos below the folder of pictures. */
async function readNames(): Promise<Map<number, string>> {
  const names = new Map<number, string>()
  for (const likePhoto of ['1', '2']) {
    const looked = { words: null, imageFile: null, likePhoto, model: null, limit: 100 }
    for (const { photoId, path } of (await engine.search.search(looked)).hits) {
      names.set(photoId, relative(join(folder, 'pictures'), path).replaceAll('\\', '/'))
    }
  }
  return names
}

test.each<[string, string]>([
  ['a dog', 'pets/a1.png'],
  ['an apple', 'food/b1.png'],
  ['airplane', 'Äußeres/c3.png'],
  ['folder:food animal + banana^3', 'food/b4.png'],
])('%s finds %s first', async (query, first) => {
  const { names, verdict, problems } = await search(query)
  expect(names[0]).toBe(first)
  expect(verdict).toBe('matches')
  expect(problems).toEqual([])
})

test('what is unwanted goes, and what it has much in common with stays', async () => {
  const wanted = await search('animal')
  expect(wanted.names.slice(0, 3).sort()).toEqual(['pets/a1.png', 'pets/a2.png', 'pets/a3.png'])
  const { names } = await search('animal - cat')
  expect(names.slice(0, 2)).toContain('pets/a3.png')
  expect(names.indexOf('pets/a2.png')).toBeGreaterThan(names.indexOf('pets/a1.png'))
  // Behind things that are no animals at all.
  expect(names.indexOf('pets/a2.png')).toBeGreaterThan(2)
  const away = await search('- animal')
  expect(away.names.slice(-3).sort()).toEqual(['pets/a1.png', 'pets/a2.png', 'pets/a3.png'])
})

test('every photo follows, in order of a relevance that falls', async () => {
  const { ids, relevances, strong } = await search('car')
  expect(new Set(ids).size).toBe(Object.keys(icons).length)
  const falling = [...unpack(relevances)]
  expect(falling).toEqual(falling.toSorted((a, b) => b - a))
  expect(falling.filter((relevance) => relevance >= 500)).toHaveLength(strong)
})

test('words of names and folders are found, whatever the picture shows', async () => {
  const { names, verdict, ids } = await search('sunset at the sea')
  expect(names[0]).toBe('holidays 2024/sunset at the sea.png')
  expect(verdict).toBe('matches')
  const [reason] = await engine.search.calls.explain({
    query: 'sunset at the sea',
    ids: ids.slice(0, 1),
  })
  expect(reason?.matched).toContainEqual({ kind: 'name', text: 'sunset at the sea' })
  expect(reason?.relevance).toBeGreaterThan(0.8)
  expect(reason?.similarity).toBeLessThan(1)
})

test('what is nowhere is said to be nowhere', async () => {
  const { verdict, strong, total } = await search('quarterly tax revenue of the ministry')
  expect(verdict).not.toBe('matches')
  expect(strong).toBe(0)
  expect(total).toBe(Object.keys(icons).length)
})

test.each<[string, number]>([
  ['folder:food', 4],
  ['folder:Äuß', 4],
  ['folder:äußeres/', 4],
  ['folder:pictures/pets', 3],
  ['-folder:food', 8],
  ['folder:food,pets', 7],
  ['folder:foo/', 0],
  ['name:b*.png', 4],
  ['name:%', 0],
  ['type:png', 12],
  ['type:jpg', 0],
  ['is:offline', 0],
  ['is:online is:untagged', 12],
  ['is:tagged', 0],
  ['size:<10mb', 12],
  ['size:>1mp', 0],
  ['after:1990', 12],
  ['before:1990', 0],
  ['camera:nikon', 0],
])('%s leaves %i', async (query, count) => {
  const { total, verdict, relevances } = await search(query)
  expect(total).toBe(count)
  expect(verdict).toBe('all')
  expect(unpack(relevances)).toHaveLength(0)
})

test('a filter that cannot be read is told, and the rest is searched', async () => {
  const query = 'dog is:lost'
  const { names, problems } = await search(query)
  expect(names[0]).toBe('pets/a1.png')
  expect(problems).toHaveLength(1)
  expect(query.slice(problems[0]!.start, problems[0]!.end)).toBe('lost')
})

test('a photo of the library is looked for without itself, and one that is not there is told', async () => {
  const {
    ids: [dog = 0],
  } = await search('a dog')
  const similar = await search(`like:${dog}`)
  expect(similar.ids).not.toContain(dog)
  expect(similar.names.slice(0, 3).some((name) => name.startsWith('pets/'))).toBe(true)
  expect((await engine.search.similarTo(dog, 3)).map(({ photoId }) => photoId)).toEqual(
    similar.ids.slice(0, 3),
  )
  const missing = await search('like:9999')
  expect(missing).toMatchObject({ total: 0, verdict: 'nothing' })
  expect(missing.problems).toHaveLength(1)
  const both = await search('dog + like:9999')
  expect(both.names[0]).toBe('pets/a1.png')
})

test('a picture from elsewhere is a term of a query, alone or with words', async () => {
  const elsewhere = join(folder, 'elsewhere')
  await writeIcons(elsewhere, { x: 'dog', y: 'red-apple' })
  const file = engine.handles.grant(join(elsewhere, 'y.png'))
  const { picture } = await engine.search.calls.addPicture({ file })
  const bytes = await readFile(join(elsewhere, 'y.png'))
  expect(await engine.search.addPictureBytes(bytes)).toEqual({ picture })
  expect((await search(`picture:${picture}`)).names[0]).toBe('food/b1.png')
  const found = await engine.search.findPicture(picture)
  expect(found?.contentType).toBe('image/webp')
  expect((await readFile(found!.path)).subarray(8, 12).toString()).toBe('WEBP')
  expect(await engine.search.findPicture('../../library.sqlite')).toBeNull()
  expect((await search(`picture:${'0'.repeat(32)}`)).problems).toHaveLength(1)
  const hostile = Buffer.from('<html>no picture</html>')
  await expect(engine.search.addPictureBytes(hostile)).rejects.toMatchObject({
    code: 'IMAGE_UNREADABLE',
  })
})

test('in order of date the strong matches come before the weak ones', async () => {
  const byRelevance = await search('apple')
  const newest = await search('apple', 'newest')
  const { strong } = byRelevance
  expect(newest.ids.slice(0, strong).sort()).toEqual(byRelevance.ids.slice(0, strong).sort())
  for (const part of [newest.days, (await search('is:online', 'newest')).days]) {
    const days = [...unpack(part)].slice(0, strong)
    expect(days).toEqual(days.toSorted((a, b) => b - a))
  }
  const oldest = await search('is:online', 'oldest')
  expect(oldest.ids).toEqual((await search('is:online', 'newest')).ids.toReversed())
})

test('searches are remembered where they shall be, and forgotten', async () => {
  const { calls } = engine.search
  const remember = (query: string) => calls.remember({ query })
  await calls.run({ query: 'still being typed', order: 'relevance', model: null })
  await remember(' dog ')
  await remember('cat')
  await remember('dog')
  await remember('  ')
  expect((await calls.history()).map(({ query }) => query)).toEqual(['dog', 'cat'])
  const past = await calls.complete({ text: 'd', cursor: 1 })
  expect(past).toContainEqual(expect.objectContaining({ insert: 'dog', kind: 'history' }))
  await calls.forget({ query: 'dog' })
  expect((await calls.history()).map(({ query }) => query)).toEqual(['cat'])
  await calls.forget({ query: null })
  expect(await calls.history()).toEqual([])
})

test('what is typed is completed from what the library has', async () => {
  const complete = async (text: string) => {
    const found = await engine.search.calls.complete({ text, cursor: text.length })
    return found.map(({ insert, count }) => [insert, count])
  }
  expect(await complete('dog fo')).toContainEqual(['folder:', null])
  expect(await complete('folder:hol')).toEqual([['"pictures/holidays 2024/"', 1]])
  expect(await complete('type:')).toEqual([['png', 12]])
  expect(await complete('name:sunset')).toEqual([['"sunset at the sea.png"', null]])
  const [[year, shot]] = (await complete('after:')) as [[string, number]]
  expect([year, shot]).toEqual([String(new Date().getFullYear()), 12])
  expect(await complete(`before:${year}`)).toEqual([[expect.stringMatching(/^\d{4}-\d\d$/), 12]])
  const day = new Date().toISOString().slice(0, 10)
  for (const begun of [day.slice(0, 7), day.slice(0, 9), day]) {
    expect(await complete(`after:${begun}`)).toEqual([[day, 12]])
  }
  expect(await complete('after:to')).toEqual([])
  expect(await complete('is:un')).toEqual([
    ['untagged', null],
    ['uncaptioned', null],
  ])
  const inserted = await search('folder:"pictures/holidays 2024/"')
  expect(inserted.total).toBe(1)
})

test('what was said of a result is told with it, and taken back', async () => {
  const { calls } = engine.search
  const { ids } = await search('dog')
  const [id = 0] = ids
  const judgementOf = async () => (await calls.explain({ query: 'dog', ids: [id] }))[0]?.judgement
  await calls.judge({ query: 'dog ', ids: [id], judgement: 'no match' })
  expect(await judgementOf()).toBe('no match')
  await calls.judge({ query: 'dog', ids: [id], judgement: null })
  expect(await judgementOf()).toBeNull()
})

test('a question about a ranking that was never made is answered all the same', async () => {
  const ids = [1, 2, 99_999]
  const reasons = await engine.search.calls.explain({ query: 'never asked before', ids })
  expect(reasons.map(({ photoId }) => photoId)).toEqual([1, 2])
  expect(reasons.every(({ similarity }) => similarity !== null)).toBe(true)
})

test('photos are found as soon as they are indexed, by name before that, and not once gone', async () => {
  const added = join(folder, 'pictures', 'new')
  await writeIcons(added, { 'quaint thing': 'rocket' })
  await engine.library.addFolders([join(folder, 'pictures')], run)
  const byName = await search('quaint')
  expect(byName.names[0]).toBe('')
  expect(byName).toMatchObject({ verdict: 'matches', searched: 12, total: 13 })
  const [reason] = await engine.search.calls.explain({ query: 'quaint', ids: [byName.ids[0]!] })
  expect(reason?.similarity).toBeNull()
  await engine.library.index({ device: 'cpu' }, run)
  const indexed = await search('a rocket in space')
  expect(indexed).toMatchObject({ searched: 13, total: 13 })
  expect(indexed.names[0]).toBe('new/quaint thing.png')
  await rename(added, join(folder, 'taken away'))
  await engine.library.addFolders([join(folder, 'pictures')], run)
  expect((await search('quaint')).total).toBe(12)
})

test.each<[string, string | null]>([
  ['a dog in the snow', null],
  ['pizza', null],
  // These the starter was taught.
  ['ein hund im schnee', null],
  ['rote häuser, große bäume', null],
  ['pies przez okno', 'Polish'],
  ['собака', 'Russian'],
  ['tag:собака', null],
])('%s: the language that the starter does not know is %s', async (query, language) => {
  expect((await search(query)).unknownLanguage).toBe(language)
})
