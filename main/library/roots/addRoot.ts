/** Puts a folder under the library's care. */
import { opendir, realpath, stat } from 'node:fs/promises'
import { AppError } from '../../../shared/errors.js'
import { toFileError } from '../../platform/fileErrors.js'
import { isInside, toPortablePath } from '../../platform/paths.js'
import type { Database } from '../../storage/openDatabase.js'
import type { Root } from '../../storage/repositories/roots.js'
import { reachRoot } from './reachRoot.js'

export type AddRootOutcome =
  | { kind: 'added'; root: Root }
  /** `root` is the folder itself or one above it. */
  | { kind: 'already covered'; root: Root }
  /** The new root took over the files of roots below it, at `merged`. */
  | { kind: 'merged'; root: Root; merged: string[] }

/**
 * Adds the folder at `path`. Roots below it become part of it, with all that is known of them.
 *
 * @throws FILE_NOT_FOUND, FILE_UNREADABLE; INVALID_ARGUMENT for what is no folder, and while a root
 *   below it is offline: its photos would count as vanished.
 */
export async function addRoot(
  database: Database,
  path: string,
  nowMs: number,
): Promise<AddRootOutcome> {
  const realPath = await realFolder(path)
  const roots = await database.roots.list()
  const covering = roots.find((root) => isInside(root.path, realPath))
  if (covering) return { kind: 'already covered', root: covering }
  const below = roots.filter((root) => isInside(realPath, root.path))
  for (const root of below) await refuseOffline(database, root, realPath)
  const root = await database.transaction(async (repositories) => {
    const added = await repositories.roots.add(realPath, nowMs)
    for (const { id, path } of below) {
      await repositories.roots.merge(id, added.id, `${toPortablePath(realPath, path)}/`)
    }
    return added
  })
  if (below.length === 0) return { kind: 'added', root }
  return { kind: 'merged', root, merged: below.map((one) => one.path) }
}

async function realFolder(path: string): Promise<string> {
  try {
    const realPath = await realpath(path)
    if (!(await stat(realPath)).isDirectory()) {
      throw new AppError('INVALID_ARGUMENT', { argument: path, problem: 'this is not a folder' })
    }
    await (await opendir(realPath)).close()
    return realPath
  } catch (error) {
    throw toFileError(error, path)
  }
}

async function refuseOffline(database: Database, root: Root, realPath: string): Promise<void> {
  if (await reachRoot(root.path, await database.files.any(root.id))) return
  throw new AppError('INVALID_ARGUMENT', {
    argument: realPath,
    problem: `the folder ${root.path} below it is in the library but cannot be reached now; connect it first`,
  })
}
