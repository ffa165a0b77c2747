/** Where the library lives: where it was asked for, or its usual place and where it was moved from there. */
import { existsSync } from 'node:fs'
import { mkdir, readFile, rm, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { AppError, isAppError } from '../../shared/errors.js'
import { removeStaleTemporaries, writeFileAtomically } from '../platform/atomicFiles.js'
import { systemErrorCode, toFileError } from '../platform/fileErrors.js'
import { libraryFolder } from '../platform/paths.js'
import { acquireLibraryLock } from '../storage/libraryLock.js'

export interface LibraryPlace {
  /** False where the library was asked for by name: the next start would not look elsewhere. */
  readonly movable: boolean
  /** The library's folder. @throws LIBRARY_AWAY while the place that it was moved to is not there */
  folder(): Promise<string>
  /** From now on the library is in `folder`. What is left in its former place may be deleted. */
  moved(folder: string, left: Left): Promise<void>
  /** Deletes what a move has left behind, unless somebody uses it. */
  tidy(): Promise<void>
}

/** Files and folders of a library that has moved away. */
export interface Left {
  readonly folder: string
  readonly names: readonly string[]
}

/** In the usual place; names the one that the library was moved to. */
export const pointerName = 'moved.json'
export const lockNames: readonly string[] = ['library.lock', 'library.pid']

const pointerSchema = z.object({
  folder: z.string(),
  left: z.object({ folder: z.string(), names: z.array(z.string()) }).nullable(),
})
type Pointer = z.infer<typeof pointerSchema>

export function createLibraryPlace(
  given: string | undefined,
  environment: NodeJS.ProcessEnv = process.env,
): LibraryPlace {
  const usual = libraryFolder(given, environment)
  const movable = (given ?? environment.SEMBLANCE_HOME ?? '') === ''
  const pointerPath = join(usual, pointerName)

  async function point(pointer: Pointer): Promise<void> {
    await mkdir(usual, { recursive: true })
    await writeFileAtomically(pointerPath, JSON.stringify(pointer))
  }

  return {
    movable,

    async folder() {
      const { folder = usual } = (movable && (await readPointer(pointerPath))) || {}
      if (folder === usual || existsSync(join(folder, 'library.sqlite'))) return folder
      throw new AppError('LIBRARY_AWAY', { path: folder })
    },

    moved: (folder, left) => point({ folder, left: { ...left, names: [...left.names] } }),

    async tidy() {
      await removeStaleTemporaries(pointerPath)
      const pointer = movable ? await readPointer(pointerPath) : null
      if (!pointer?.left) return
      if (!(await deleteLeft(pointer.left))) return
      if (pointer.folder === usual) await rm(pointerPath, { force: true })
      else await point({ ...pointer, left: null })
    },
  }
}

/** Null if there is none. @throws LIBRARY_CORRUPT rather than let a new library begin beside a lost one */
async function readPointer(path: string): Promise<Pointer | null> {
  try {
    return pointerSchema.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch (error) {
    const code = systemErrorCode(error)
    if (code === 'ENOENT' || code === 'ENOTDIR') return null
    if (code !== null) throw toFileError(error, path)
    const reason = 'it does not name the place that the library was moved to'
    throw new AppError('LIBRARY_CORRUPT', { path, reason }, { cause: error })
  }
}

/** Whether nothing is left any more; not while another process uses the former place. */
async function deleteLeft({ folder, names }: Left): Promise<boolean> {
  if (!existsSync(folder)) return true
  const lock = await acquireLibraryLock(folder).catch((error: unknown) => {
    if (isAppError(error)) return null
    throw error
  })
  if (lock === null) return false
  try {
    for (const name of names) await rm(join(folder, name), { recursive: true, force: true })
  } finally {
    await lock.dispose()
  }
  for (const name of lockNames) await rm(join(folder, name), { force: true })
  // It stays if something else is in it, such as the pointer.
  await rmdir(folder).catch(() => {})
  return true
}
