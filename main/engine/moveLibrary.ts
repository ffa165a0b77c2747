/** Moves a closed library to another folder, so that it is whole in one of the two at any moment. */
import { cp, mkdir, readdir, realpath, rename, rm, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../shared/errors.js'
import { syncTree } from '../platform/atomicFiles.js'
import { toFileError } from '../platform/fileErrors.js'
import { isInside } from '../platform/paths.js'
import { acquireLibraryLock } from '../storage/libraryLock.js'
import { openDatabase } from '../storage/openDatabase.js'
import { type LibraryPlace, lockNames, pointerName } from './libraryPlace.js'

/*
 * [Note: moving a library]
 * 1. Everything is copied into a folder of its own in the new place, and synchronised.
 * 2. Its entries are renamed out of it, and the paths that the database holds are brought up to date.
 * 3. The pointer is written: until then the old place counts, from then on the new one.
 * 4. The old place is emptied; a process that dies before leaves that to the next start.
 * The copy's own folder stays until the pointer is written. So a place in which a move was cut off
 * can be told from one that holds something else, and be used again.
 */
const stagingName = '.semblance-moving'

const copying = {
  recursive: true,
  preserveTimestamps: true,
  verbatimSymlinks: true,
  // The work of a run that was given up names its places by their full paths; it would begin anew.
  filter: (path: string) => !path.endsWith('.training'),
}

/** Names in a library's folder that belong to the folder rather than to the library. */
const stays: readonly string[] = [...lockNames, pointerName, stagingName]

/**
 * Moves what is in `from` to `to`, which `prepareTarget` has found fit.
 *
 * @throws DISK_FULL, FILE_UNREADABLE, LIBRARY_LOCKED; the library is then where it was
 */
export async function moveLibrary(place: LibraryPlace, from: string, to: string): Promise<void> {
  // Closed though it is, nobody else may open it now.
  const lock = await acquireLibraryLock(from)
  try {
    const names = (await readdir(from)).filter((name) => !stays.includes(name))
    await copyEntries(from, to, names)
    await renamePlaces(from, to)
    await place.moved(to, { folder: from, names })
    await rmdir(join(to, stagingName))
  } catch (error) {
    throw toFileError(error, to)
  } finally {
    await lock.dispose()
  }
  await place.tidy()
}

/**
 * Clears away what an interrupted move has left in `to`. Both are free of symbolic links.
 *
 * @throws INVALID_ARGUMENT for a folder that cannot take the library; FILE_NOT_FOUND
 */
export async function prepareTarget(from: string, to: string): Promise<void> {
  const refuse = (problem: string) => {
    throw new AppError('INVALID_ARGUMENT', { argument: to, problem })
  }
  if (isInside(from, to)) refuse('the library cannot move into its own folder')
  const found = await readdir(to).catch((error: unknown) => {
    throw toFileError(error, to)
  })
  const own = found.includes(stagingName) ? await readdir(from) : []
  const others = found.filter((name) => !stays.includes(name))
  if (others.some((name) => !own.includes(name))) {
    refuse('this folder is not empty; choose or make an empty one')
  }
  for (const name of [...others, stagingName]) {
    await rm(join(to, name), { recursive: true, force: true })
  }
}

async function copyEntries(from: string, to: string, names: readonly string[]): Promise<void> {
  const staging = join(to, stagingName)
  try {
    await mkdir(staging)
    for (const name of names) {
      await cp(join(from, name), join(staging, name), copying)
    }
    await syncTree(staging)
    for (const name of names) await rename(join(staging, name), join(to, name))
  } catch (error) {
    for (const name of [...names, stagingName]) {
      await rm(join(to, name), { recursive: true, force: true }).catch(() => {})
    }
    throw error
  }
}

/** Models that were made here, and the sample collection, stand in the library's own folder. */
async function renamePlaces(from: string, to: string): Promise<void> {
  const database = await openDatabase(to)
  try {
    await database.transaction(async ({ models, roots }) => {
      for (const former of new Set([from, await realpath(from)])) {
        await models.movePaths(former, to)
        await roots.movePaths(former, to)
      }
    })
  } finally {
    await database.dispose()
  }
}
