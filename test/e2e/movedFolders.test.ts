/** Files and folders that move, vanish and return: photos keep what is known of them. */
import { copyFile, mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { libraryStatusSchema } from '../../shared/domain/library.js'
import { searchResultSchema } from '../../shared/domain/search.js'
import { runForJson, runForText } from '../support/commandLine.js'
import { writeShapes } from '../support/pictureFolder.js'
import { writeSmallModel } from '../support/smallModel.js'
import { temporaryFolder } from '../support/temporaryFolder.js'

const anyObject = z.record(z.string(), z.unknown())

/** An indexed library of 12 shapes. */
async function prepare() {
  const folder = await temporaryFolder()
  const pictures = join(folder, 'pictures')
  await writeShapes(pictures, 12)
  await writeSmallModel(join(folder, 'model'))
  const inLibrary = ['--library', join(folder, 'library')]
  await runForText(['models', 'use', join(folder, 'model'), ...inLibrary])
  await runForText(['add', pictures, ...inLibrary])
  await runForText(['index', ...inLibrary])
  return {
    folder,
    pictures,
    add: () => runForJson(['add', pictures, ...inLibrary], anyObject),
    index: () => runForJson(['index', ...inLibrary], anyObject),
    status: () => runForJson(['status', ...inLibrary], libraryStatusSchema),
    async find(...words: string[]) {
      const args = ['search', ...words, '--limit', '99', ...inLibrary]
      return (await runForJson(args, searchResultSchema)).hits
    },
    searchText: (words: string) => runForText(['search', words, ...inLibrary]),
  }
}

test('moved, renamed and doubled files keep their embeddings', { timeout: 120_000 }, async () => {
  const { pictures, add, index, status, find } = await prepare()
  const before = await find('red')
  await mkdir(join(pictures, 'below'))
  const moved = join(pictures, 'below', 'red circle.png')
  const renamed = join(pictures, 'another name.png')
  const double = join(pictures, 'below', 'double.png')
  await rename(join(pictures, 'red circle.png'), moved)
  await rename(join(pictures, 'red square.png'), renamed)
  await copyFile(join(pictures, 'red star.png'), double)

  expect(await add()).toEqual({ photos: 12, added: 0, failed: 0 })
  expect(await index()).toMatchObject({ indexed: 0, total: 12 })
  const after = await find('red')
  // A file's name counts too, so a renamed one may stand elsewhere: as like the words as before.
  const scores = (hits: typeof after) =>
    new Map(hits.map(({ photoId, score }) => [photoId, score] as const))
  expect(scores(after)).toEqual(scores(before))
  const paths = after.map(({ path }) => path)
  expect(paths).toContain(moved)
  expect(paths).toContain(renamed)
  expect(paths).not.toContain(join(pictures, 'red circle.png'))
  const star = after.filter(({ path, otherPaths }) => [path, ...otherPaths].includes(double))
  expect(star).toHaveLength(1)
  expect([star[0]?.path, ...(star[0]?.otherPaths ?? [])].sort()).toEqual(
    [double, join(pictures, 'red star.png')].sort(),
  )
  expect((await status()).roots).toMatchObject([{ files: 13, missing: 0 }])
})

test('a file that vanishes is not shown, and is at once when it is back', {
  timeout: 120_000,
}, async () => {
  const { folder, pictures, add, index, status, find } = await prepare()
  const file = join(pictures, 'red circle.png')
  await rename(file, join(folder, 'elsewhere.png'))
  await add()
  expect((await find('red')).map(({ path }) => path)).not.toContain(file)
  expect((await status()).roots).toMatchObject([{ files: 11, missing: 1 }])
  await rename(join(folder, 'elsewhere.png'), file)
  expect(await add()).toMatchObject({ added: 0 })
  expect(await index()).toMatchObject({ indexed: 0 })
  expect((await find('red')).map(({ path }) => path)).toContain(file)
})

test('a folder that is away is offline, its photos marked and never lost', {
  timeout: 120_000,
}, async () => {
  const { folder, pictures, add, index, status, find, searchText } = await prepare()
  const before = await find('red')
  expect(before.every(({ offline }) => !offline)).toBe(true)
  const away = join(folder, 'away')
  await rename(pictures, away)
  // An unplugged disk leaves its mount point, empty.
  await mkdir(pictures)

  expect(await add()).toMatchObject({ photos: 12, added: 0 })
  expect((await status()).roots).toMatchObject([{ state: 'offline', files: 12, missing: 0 }])
  const marked = await find('red')
  expect(marked).toEqual(before.map((hit) => ({ ...hit, offline: true })))
  expect(await searchText('red')).toContain('(offline)')
  expect(await index()).toMatchObject({ indexed: 0, failed: 0, total: 12 })

  await rm(pictures, { recursive: true })
  await rename(away, pictures)
  expect(await add()).toMatchObject({ photos: 12, added: 0 })
  expect(await find('red')).toEqual(before)
  expect(await searchText('red')).not.toContain('(offline)')
  expect(await status()).toMatchObject({ toIndex: 0, failed: [], roots: [{ state: 'online' }] })
})

test('a folder that is gone altogether is offline too', { timeout: 120_000 }, async () => {
  const { folder, pictures, add, status, find } = await prepare()
  const before = await find('red')
  await rename(pictures, join(folder, 'away'))
  // Search and status notice by themselves, before anything is scanned.
  const marked = await find('red')
  expect(marked.map(({ photoId }) => photoId)).toEqual(before.map(({ photoId }) => photoId))
  expect(marked.every(({ offline }) => offline)).toBe(true)
  expect((await status()).roots).toMatchObject([{ state: 'offline', files: 12 }])
  await rename(join(folder, 'away'), pictures)
  expect(await add()).toMatchObject({ photos: 12, added: 0 })
  expect(await find('red')).toEqual(before)
})
