/** Scans of real folders: identity by content, what moves, vanishes, comes back or cannot be read. */
import {
  appendFile,
  chmod,
  copyFile,
  mkdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findPhoto } from '../../../main/library/findPhoto.js'
import { libraryStatus } from '../../../main/library/libraryStatus.js'
import { addRoot } from '../../../main/library/roots/addRoot.js'
import { type ScanOutcome, scanRoot } from '../../../main/library/scan/scanRoot.js'
import { systemClock } from '../../../main/platform/clock.js'
import type { Database } from '../../../main/storage/openDatabase.js'
import { modelNamed, openLibrary } from '../../support/openLibrary.js'
import { writeShapes } from '../../support/pictureFolder.js'
import { temporaryFolder } from '../../support/temporaryFolder.js'

async function scan(database: Database, signal = new AbortController().signal) {
  const outcomes: ScanOutcome[] = []
  for (const root of await database.roots.list()) {
    const clock = systemClock
    outcomes.push(await scanRoot({ database, root, clock, signal, onProgress: () => {} }))
  }
  return outcomes
}

async function libraryOf(count: number) {
  const folder = await temporaryFolder()
  const paths = await writeShapes(folder, count)
  const database = await openLibrary()
  await addRoot(database, folder, 1)
  const model = await database.models.save(modelNamed('a'))
  await database.settings.set('activeModelId', model.id)
  return { folder, paths, database, modelId: model.id }
}

/** Gives every due photo an embedding and tells how many there were. */
async function encodeDue(database: Database, modelId: number): Promise<number> {
  const due = await database.encodingQueue.next(modelId, 'v1')
  const rows = due.map(({ photoId }) => ({ photoId, embedding: Float32Array.of(1), pooled: null }))
  await database.embeddings.saveMany(modelId, rows)
  return due.length
}

test('a first scan finds every picture, a second reads none', async () => {
  const { database } = await libraryOf(5)
  expect(await scan(database)).toEqual([
    { state: 'online', found: 5, read: 5, failed: 0, missing: 0 },
  ])
  expect(await scan(database)).toEqual([
    { state: 'online', found: 5, read: 0, failed: 0, missing: 0 },
  ])
  expect(await database.photos.get(1)).toMatchObject({ format: 'png', width: 64, height: 64 })
})

test('moved, renamed and copied files are the same photos and need no encoding again', async () => {
  const { folder, paths, database, modelId } = await libraryOf(3)
  await scan(database)
  await encodeDue(database, modelId)
  const id = await findPhoto(database, paths[0]!)
  await mkdir(join(folder, 'deep/er'), { recursive: true })
  await rename(paths[0]!, join(folder, 'deep/er/new name.png'))
  await copyFile(paths[1]!, join(folder, 'deep/copy.png'))
  expect(await scan(database)).toMatchObject([{ found: 4, read: 2, missing: 0 }])
  expect(await findPhoto(database, join(folder, 'deep/er/new name.png'))).toBe(id)
  expect(await findPhoto(database, String(id))).toBe(id)
  await expect(findPhoto(database, paths[0]!)).rejects.toMatchObject({ code: 'PHOTO_NOT_FOUND' })
  expect(await database.photos.count()).toBe(3)
  expect(await encodeDue(database, modelId)).toBe(0)
})

test('a vanished file is hidden, and searchable again without encoding once it is back', async () => {
  const { paths, database, modelId } = await libraryOf(3)
  await scan(database)
  await encodeDue(database, modelId)
  const id = await findPhoto(database, paths[0]!)
  const aside = `${paths[0]!}.aside`
  await rename(paths[0]!, aside)
  expect(await scan(database)).toMatchObject([{ found: 2, missing: 1 }])
  expect((await database.photos.locate([id])).size).toBe(0)
  expect((await libraryStatus(database, 'uid', 'v1')).roots).toMatchObject([
    { files: 2, missing: 1 },
  ])
  await rename(aside, paths[0]!)
  expect(await scan(database)).toMatchObject([{ found: 3, read: 0 }])
  expect((await database.photos.locate([id])).get(id)?.[0]).toMatchObject({ offline: false })
  expect(await encodeDue(database, modelId)).toBe(0)
  expect(await database.embeddings.count(modelId)).toBe(3)
})

test('a changed file is a new photo to encode, and the old content is forgotten', async () => {
  const { paths, database, modelId } = await libraryOf(2)
  await scan(database)
  await encodeDue(database, modelId)
  await appendFile(paths[0]!, 'more')
  expect(await scan(database)).toMatchObject([{ read: 1 }])
  expect(await encodeDue(database, modelId)).toBe(1)
  expect(await database.photos.count()).toBe(2)
})

test.each([
  ['gone', (folder: string) => rename(folder, `${folder}-away`)],
  [
    'empty, as the mount point of an absent disk is',
    async (folder: string) => {
      await rename(folder, `${folder}-away`)
      await mkdir(folder)
      await writeFile(join(folder, '.hidden'), '')
    },
  ],
])('a root that is %s goes offline, keeps all, and comes back', async (_, takeAway) => {
  const { folder, database, modelId } = await libraryOf(3)
  await scan(database)
  await encodeDue(database, modelId)
  await takeAway(folder)
  expect(await scan(database)).toEqual([{ state: 'offline' }])
  expect((await libraryStatus(database, 'uid', 'v1')).roots).toMatchObject([
    { state: 'offline', files: 3, missing: 0 },
  ])
  expect((await database.photos.locate([1])).get(1)?.[0]).toMatchObject({ offline: true })
  const failure = {
    photoId: 1,
    code: 'FILE_UNREADABLE',
    reason: '',
    sourceVersion: 'v1',
    failedAt: 1,
  }
  await database.encodingQueue.recordFailures(modelId, [failure])
  await rm(folder, { recursive: true, force: true })
  await rename(`${folder}-away`, folder)
  expect(await scan(database)).toMatchObject([{ state: 'online', read: 0, missing: 0 }])
  expect((await database.photos.locate([1])).get(1)?.[0]).toMatchObject({ offline: false })
  expect(await database.encodingQueue.countFailures(modelId)).toBe(0)
})

test('an empty file is kept with its reason and is well once it is mended', async () => {
  const { folder, paths, database } = await libraryOf(2)
  const path = join(folder, 'empty.jpg')
  await writeFile(path, '')
  expect(await scan(database)).toMatchObject([{ read: 2, failed: 1 }])
  const failed = [{ path, reason: 'the file is empty' }]
  expect((await libraryStatus(database, 'uid', 'v1')).failed).toEqual(failed)
  expect(await scan(database)).toMatchObject([{ read: 0, failed: 0 }])
  expect((await libraryStatus(database, 'uid', 'v1')).failed).toEqual(failed)
  await copyFile(paths[0]!, path)
  expect(await scan(database)).toMatchObject([{ read: 1, failed: 0 }])
  expect((await libraryStatus(database, 'uid', 'v1')).failed).toEqual([])
})

test('failures are tried again when a file is touched, and failed files when asked for', async () => {
  const { folder, paths, database, modelId } = await libraryOf(2)
  await writeFile(join(folder, 'empty.jpg'), '')
  await scan(database)
  const photoId = await findPhoto(database, paths[0]!)
  const failure = {
    photoId,
    code: 'FILE_UNREADABLE',
    reason: 'x',
    sourceVersion: 'v1',
    failedAt: 1,
  }
  await database.encodingQueue.recordFailures(modelId, [failure])
  await scan(database)
  expect(await database.encodingQueue.countFailures(modelId)).toBe(1)
  await chmod(paths[0]!, 0o600)
  expect(await scan(database)).toMatchObject([{ read: 0 }])
  expect(await database.encodingQueue.countFailures(modelId)).toBe(0)
  expect(await database.files.forgetFailures(null)).toBe(1)
  expect(await scan(database)).toMatchObject([{ failed: 1 }])
})

test('strange names are kept as they are, and names that are no text are told', async () => {
  const folder = await temporaryFolder()
  const [picture] = await writeShapes(folder, 1)
  const names = [
    'new\nline.png',
    '<img src=x onerror=alert(1)>.png',
    "it's; DROP TABLE.png",
    '名前.png',
  ]
  for (const name of names) await copyFile(picture!, join(folder, name))
  const stray = Buffer.concat([
    Buffer.from(`${folder}/caf`),
    Buffer.from([0xe9]),
    Buffer.from('.png'),
  ])
  const stores = await copyFile(picture!, stray).then(
    () => true,
    () => false,
  )
  const database = await openLibrary()
  await addRoot(database, folder, 1)
  await scan(database)
  const files = await database.files.ofPhotos([1])
  expect(new Set(files.map((file) => file.relativePath))).toEqual(
    new Set([...names, 'red circle.png']),
  )
  // Some file systems refuse such names themselves.
  const failed = stores ? [{ path: join(folder, 'caf\\xe9.png') }] : []
  expect((await libraryStatus(database, 'uid', 'v1')).failed).toMatchObject(failed)
})

test('hidden and system folders are left out; links are followed, loops are not', async () => {
  const { folder, paths, database } = await libraryOf(1)
  for (const ignored of ['.git', 'node_modules', '@eaDir', '$RECYCLE.BIN', '.thumbnails']) {
    await mkdir(join(folder, ignored))
    await copyFile(paths[0]!, join(folder, ignored, 'x.png'))
  }
  const elsewhere = await temporaryFolder()
  await writeShapes(elsewhere, 2)
  await symlink(elsewhere, join(folder, 'elsewhere'))
  await symlink(folder, join(folder, 'loop'))
  await symlink(elsewhere, join(elsewhere, 'loop'))
  await symlink(join(folder, '..'), join(elsewhere, 'above'))
  await symlink('nowhere', join(folder, 'broken.png'))
  await symlink(paths[0]!, join(folder, 'link.png'))
  await scan(database)
  const files = await database.files.ofPhotos([1, 2])
  expect(files.map((file) => file.relativePath).sort()).toEqual([
    'elsewhere/red circle.png',
    'elsewhere/red square.png',
    'link.png',
    'red circle.png',
  ])
})

test('a scan can be stopped at any batch and a later one reads nothing twice', async () => {
  const folder = await temporaryFolder()
  const [picture] = await writeShapes(folder, 1)
  const bytes = await readFile(picture!)
  for (let index = 0; index < 700; index++) {
    await writeFile(join(folder, `${index}.png`), Buffer.concat([bytes, Buffer.from(`${index}`)]))
  }
  const database = await openLibrary()
  const { root } = await addRoot(database, folder, 1)
  const abort = new AbortController()
  let reads = 0
  const stopped = scanRoot({
    database,
    root,
    clock: systemClock,
    signal: abort.signal,
    onProgress: ({ read }) => {
      reads = read
      if (read > 200) abort.abort(new Error('stopped'))
    },
  })
  await expect(stopped).rejects.toThrow('stopped')
  expect(await database.photos.count()).toBe(reads)
  expect(await scan(database)).toMatchObject([{ found: 701, read: 701 - reads, missing: 0 }])
})

test('a touched file with the same content stays the same photo', async () => {
  const { paths, database } = await libraryOf(1)
  await scan(database)
  const { atime } = await stat(paths[0]!)
  await utimes(paths[0]!, atime, new Date(1_000_000))
  expect(await scan(database)).toMatchObject([{ read: 1 }])
  expect(await findPhoto(database, paths[0]!)).toBe(1)
})
