/** The gallery's file saves reading the database, and is never believed where it could be wrong. */
import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { loadGallery } from '../../../main/library/gallery.js'
import { createGalleryCache, type GalleryCache } from '../../../main/library/galleryCache.js'
import { createRandom } from '../../../main/ml/training/random.js'
import type { Database } from '../../../main/storage/openDatabase.js'
import { openLibrary, photoNamed, presentFile } from '../../support/openLibrary.js'
import { temporaryFolder } from '../../support/temporaryFolder.js'

let database: Database
let rootId: number
let path: string
/** How often the rows of all photos were read. */
let reads: number

beforeEach(async () => {
  database = await openLibrary()
  rootId = (await database.roots.add('/photos', 1)).id
  path = join(await temporaryFolder(), 'gallery')
  reads = 0
  for (const day of [7, 3, 5]) await add(day)
})

/** A photo taken on this day of January 2024. */
async function add(day: number): Promise<void> {
  const photo = photoNamed(`day ${day}`)
  const takenAt = `2024-01-0${day}T12:00:00`
  const ids = await database.photos.addMany([{ ...photo, takenAt, takenAtSource: 'camera' }])
  const file = presentFile(ids.get(photo.contentHash)!, rootId, `${day}.png`)
  await database.files.saveMany([file])
}

/** @param version what the library says of itself, if not what it is */
function open(version?: number, at = path): GalleryCache {
  const shownPhotos = {
    ...database.shownPhotos,
    columns() {
      reads++
      return database.shownPhotos.columns()
    },
    version: async () => version ?? (await database.shownPhotos.version()),
  }
  return createGalleryCache(shownPhotos, at)
}

/** Ids, the photo taken last first. */
async function newest(cache: GalleryCache): Promise<number[]> {
  const gallery = await cache.get()
  return [...gallery.newest].map((place) => gallery.ids[place]!)
}

test('what was written on closing is read without the database', async () => {
  const first = open()
  expect(await newest(first)).toEqual([1, 3, 2])
  const before = await first.get()
  await first.close()
  expect(reads).toBe(1)
  const again = open()
  expect(await again.get()).toEqual(before)
  expect(reads).toBe(1)
  // What has changed since is read alone.
  await add(9)
  expect(await newest(again)).toEqual([4, 1, 3, 2])
  expect(reads).toBe(1)
})

test('follows any changes as if all photos were read again', async () => {
  const random = createRandom(7)
  const cache = open()
  await cache.get()
  for (let step = 0; step < 60; step++) {
    const changes = 1 + random.integer(4)
    for (let change = 0; change < changes; change++) await changeSomething(random)
    expect(await cache.get()).toEqual(await loadGallery(database.shownPhotos))
  }
  expect(reads).toBe(1)
  expect((await cache.get()).ids.length).toBeGreaterThan(5)
})

/** Photos come, files show others, go and come back, and what has no file any more is forgotten. */
async function changeSomething(random: ReturnType<typeof createRandom>): Promise<void> {
  const name = `${random.integer(40)}`
  const day = 1 + random.integer(4)
  const photo = { ...photoNamed(name), takenAt: `2024-02-0${day}T12:00:00` }
  const ids = await database.photos.addMany([{ ...photo, takenAtSource: 'camera' }])
  const place = `${random.integer(20)}.png`
  const file = presentFile(ids.get(photo.contentHash)!, rootId, place)
  const state = random.integer(4) === 0 ? 'missing' : 'present'
  await database.files.saveMany([{ ...file, state }])
  if (random.integer(5) === 0) await database.photos.deleteUnused()
}

test('reads all photos again where more has changed than is kept', async () => {
  const cache = open()
  await cache.get()
  const photos = Array.from({ length: 5_100 }, (_, i) => photoNamed(`many ${i}`))
  const ids = await database.photos.addMany(photos)
  await database.files.saveMany(
    photos.map(({ contentHash }, i) => presentFile(ids.get(contentHash)!, rootId, `many/${i}.png`)),
  )
  expect(await cache.get()).toEqual(await loadGallery(database.shownPhotos))
  expect(reads).toBe(2)
})

test('a file of another version is not believed, not even once that version comes', async () => {
  const first = open()
  await add(8)
  await first.get()
  await first.close()
  const later = await database.shownPhotos.version()
  // As if the library had been put back from a copy that is older than the file.
  await open(later - 1).get()
  expect(existsSync(path)).toBe(false)
  await open(later).get()
  expect(reads).toBe(3)
})

test.each([
  ['is cut off', (bytes: Buffer) => bytes.subarray(0, -4)],
  ['has a changed byte', (bytes: Buffer) => bytes.fill(9, 260, 261)],
  ['is empty', () => Buffer.alloc(0)],
  ['is of another program', () => Buffer.from('{"version":1}')],
])('a file that %s is made anew', async (_, damage) => {
  const first = open()
  await first.get()
  await first.close()
  const whole = await readFile(path)
  await writeFile(path, damage(Buffer.from(whole)))
  const again = open()
  expect(await newest(again)).toEqual([1, 3, 2])
  expect(reads).toBe(2)
  await again.close()
  expect(await readFile(path)).toEqual(whole)
})

test('a library that nobody looked at leaves no file, and one that cannot be written does not matter', async () => {
  await open().close()
  expect(existsSync(path)).toBe(false)
  const nowhere = open(undefined, join(path, 'missing', 'gallery'))
  expect(await newest(nowhere)).toEqual([1, 3, 2])
  await nowhere.close()
})
