/** A full disk: DISK_FULL, a library that still opens, and work that goes on once there is room. */
import { execFile } from 'node:child_process'
import { mkdir, open, rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { libraryStatusSchema } from '../../shared/domain/library.js'
import { searchResultSchema } from '../../shared/domain/search.js'
import { runForError, runForJson, runForText } from '../support/commandLine.js'
import { writeShapes } from '../support/pictureFolder.js'
import { writeSmallModel } from '../support/smallModel.js'
import { temporaryFolder } from '../support/temporaryFolder.js'

const run = promisify(execFile)
const anyObject = z.record(z.string(), z.unknown())

/** A disk of `megabytes` of its own, or null where mounting is not allowed. */
async function mountSmallDisk(folder: string, megabytes: number): Promise<string | null> {
  const disk = join(folder, 'disk')
  await mkdir(disk)
  try {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', disk])
  } catch {
    return null
  }
  onTestFinished(async () => {
    await run('umount', ['-l', disk])
  })
  return disk
}

/** Fills the disk up to `leaveBytes`; returns how to make room again. */
async function fillDisk(disk: string, leaveBytes: number): Promise<() => Promise<void>> {
  const path = join(disk, 'filler')
  const file = await open(path, 'w')
  const page = Buffer.alloc(4096)
  try {
    for (;;) {
      const { bavail, bsize } = await statfs(disk)
      if (bavail * bsize <= leaveBytes) break
      await file.write(page)
    }
  } finally {
    await file.close()
  }
  return () => rm(path)
}

const noMount = 'mounting a small disk takes the right to mount'

test.for([0, 16_384, 65_536])(
  'add and index survive a disk with %i bytes left',
  {
    timeout: 180_000,
  },
  async (leaveBytes, { skip }) => {
    const folder = await temporaryFolder()
    const disk = await mountSmallDisk(folder, 8)
    if (disk === null) return skip(noMount)
    const pictures = join(folder, 'pictures')
    await writeShapes(pictures, 10)
    await writeSmallModel(join(folder, 'model'), 1, 1024)
    const library = join(disk, 'library')
    const inLibrary = ['--library', library]
    await runForText(['models', 'use', join(folder, 'model'), ...inLibrary])
    await runForText(['add', pictures, ...inLibrary])
    await runForText(['index', ...inLibrary])
    const before = await runForJson(['search', 'red', ...inLibrary], searchResultSchema)

    await writeShapes(pictures, 60)
    for (const [command, photos] of [
      [['add', pictures], 10],
      [['index'], 60],
    ] as const) {
      const makeRoom = await fillDisk(disk, leaveBytes)
      const error = await runForError([...command, ...inLibrary], 7)
      expect(error).toMatchObject({ code: 'DISK_FULL' })
      expect(error.message).toContain(library)
      await makeRoom()
      const status = await runForJson(['status', ...inLibrary], libraryStatusSchema)
      expect(status.photos).toBeGreaterThanOrEqual(photos)
      const found = await runForJson(['search', 'red', ...inLibrary], searchResultSchema)
      expect(found.hits.length).toBeGreaterThanOrEqual(before.hits.length)
      await runForText([...command, ...inLibrary])
    }
    const status = await runForJson(['status', ...inLibrary], libraryStatusSchema)
    expect(status).toMatchObject({ photos: 60, toIndex: 0, failed: [] })
    expect(status.models).toMatchObject([{ indexed: 60 }])
  },
)

test('train tells of a full disk and goes on once there is room', {
  timeout: 180_000,
}, async ({ skip }) => {
  const folder = await temporaryFolder()
  const disk = await mountSmallDisk(folder, 16)
  if (disk === null) return skip(noMount)
  const pictures = join(folder, 'pictures')
  await writeShapes(pictures, 24)
  const out = join(disk, 'out')
  const args = ['train', pictures, '--out', out, '--arch', 'tiny', '--epochs', '1', '--batch', '12']
  const inLibrary = ['--library', join(folder, 'library')]
  for (const leaveBytes of [0, 1_000_000, 6_000_000]) {
    const makeRoom = await fillDisk(disk, leaveBytes)
    const error = await runForError([...args, '--resume', ...inLibrary], 7)
    expect(error).toMatchObject({ code: 'DISK_FULL' })
    expect(error.message).toContain(out)
    await makeRoom()
  }
  // Its checkpoint alone is larger than the disk was.
  await run('mount', ['-o', 'remount,size=64m', disk])
  expect(await runForJson([...args, '--resume', ...inLibrary], anyObject)).toMatchObject({
    type: 'finished',
  })
  const verified = await runForJson(['models', 'verify', out, ...inLibrary], anyObject)
  expect(verified).toMatchObject({ path: out })
})
