/** Roots that overlap. */
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createJobRunner } from '../../../main/jobs/createJobRunner.js'
import { addRoot } from '../../../main/library/roots/addRoot.js'
import { createScanJob, scanJobKind } from '../../../main/library/scan/scanJob.js'
import { systemClock } from '../../../main/platform/clock.js'
import type { Database } from '../../../main/storage/openDatabase.js'
import { openLibrary } from '../../support/openLibrary.js'
import { writeShapes } from '../../support/pictureFolder.js'
import { temporaryFolder } from '../../support/temporaryFolder.js'

async function scanByJob(database: Database) {
  const kinds = { [scanJobKind]: createScanJob(database, systemClock) }
  const runner = createJobRunner({ jobs: database.jobs, kinds, clock: systemClock, onError() {} })
  await runner.start()
  const { id } = await runner.enqueue(scanJobKind, { rootId: null })
  const job = await runner.settled(id)
  await runner.dispose()
  return job
}

test('a folder below a root, a link to it, or the root itself is already covered', async () => {
  const folder = await temporaryFolder()
  await mkdir(join(folder, 'below'))
  const link = join(await temporaryFolder(), 'link')
  await symlink(folder, link)
  const database = await openLibrary()
  const { root } = await addRoot(database, folder, 1)
  for (const path of [folder, `${folder}/`, link, join(folder, 'below')]) {
    expect(await addRoot(database, path, 2)).toEqual({ kind: 'already covered', root })
  }
})

test('a folder whose name only begins like a root is not covered by it', async () => {
  const folder = await temporaryFolder()
  for (const name of ['2024', '2024 more', '..odd']) await mkdir(join(folder, name))
  const database = await openLibrary()
  await addRoot(database, join(folder, '2024'), 1)
  expect((await addRoot(database, join(folder, '2024 more'), 1)).kind).toBe('added')
})

test('a folder above roots takes over all that is known of their files', async () => {
  const folder = await temporaryFolder()
  await writeShapes(join(folder, 'a'), 3)
  await writeShapes(join(folder, 'b'), 4)
  const database = await openLibrary()
  await addRoot(database, join(folder, 'a'), 1)
  expect(await scanByJob(database)).toMatchObject({ state: 'completed' })
  const outcome = await addRoot(database, folder, 2)
  expect(outcome).toMatchObject({ kind: 'merged', merged: [join(folder, 'a')] })
  expect(await database.roots.list()).toHaveLength(1)
  const job = await scanByJob(database)
  expect(job.result).toMatchObject({ roots: [{ outcome: { found: 7, read: 4, missing: 0 } }] })
  expect(await database.photos.count()).toBe(4)
})

test('a folder above an unreachable root is refused, naming both', async () => {
  const folder = await temporaryFolder()
  await writeShapes(join(folder, 'disk'), 1)
  const database = await openLibrary()
  await addRoot(database, join(folder, 'disk'), 1)
  await scanByJob(database)
  await rm(join(folder, 'disk'), { recursive: true })
  await expect(addRoot(database, folder, 2)).rejects.toThrow(join(folder, 'disk'))
  await mkdir(join(folder, 'disk'))
  await expect(addRoot(database, folder, 2)).rejects.toThrow(/connect it first/)
})

test('what is no folder is refused by name', async () => {
  const folder = await temporaryFolder()
  await writeFile(join(folder, 'file.txt'), '')
  const database = await openLibrary()
  const nowhere = join(folder, 'nowhere')
  await expect(addRoot(database, nowhere, 1)).rejects.toMatchObject({
    code: 'FILE_NOT_FOUND',
    data: { path: nowhere },
  })
  await expect(addRoot(database, join(folder, 'file.txt'), 1)).rejects.toThrow(/not a folder/)
})
