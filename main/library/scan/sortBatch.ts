/** Tells which files of a batch a scan has to read. */
import { stat } from 'node:fs/promises'
import { systemErrorCode } from '../../platform/fileErrors.js'
import { mapBounded } from '../../platform/mapBounded.js'
import { fromPortablePath } from '../../platform/paths.js'
import type { Database } from '../../storage/openDatabase.js'
import type { PhotoFile } from '../../storage/repositories/files.js'
import type { Root } from '../../storage/repositories/roots.js'
import { type FailedFile, type FoundFile, failureOf } from './readPicture.js'

const statsAtOnce = 16

export interface SortedBatch {
  /** New or changed, to be read. */
  toRead: FoundFile[]
  /** As the library knows them. */
  unchanged: PhotoFile[]
  /** Unchanged photos whose file was touched (renamed, given other permissions, ...). */
  touched: { file: PhotoFile; ctimeMs: number }[]
  failed: FailedFile[]
}

/**
 * Sorts files, by path, into those to read and those that size and time of change show to be
 * unchanged. A failed file is also read again once its status changes: its permissions may have.
 */
export async function sortBatch(
  database: Database,
  root: Root,
  relativePaths: readonly string[],
): Promise<SortedBatch> {
  const known = await database.files.findMany(root.id, relativePaths)
  const sorted: SortedBatch = { toRead: [], unchanged: [], touched: [], failed: [] }
  await mapBounded(relativePaths, statsAtOnce, async (relativePath) => {
    const path = fromPortablePath(root.path, relativePath)
    try {
      const { size: sizeBytes, mtimeMs, ctimeMs } = await stat(path)
      sortFile(sorted, { relativePath, path, sizeBytes, mtimeMs, ctimeMs }, known)
    } catch (error) {
      if (systemErrorCode(error) === 'ENOENT') return
      const file = { relativePath, path, sizeBytes: -1, mtimeMs: 0, ctimeMs: 0 }
      sorted.failed.push({ kind: 'failed', file, ...failureOf(error, path) })
    }
  })
  return sorted
}

function sortFile(
  sorted: SortedBatch,
  found: FoundFile,
  known: ReadonlyMap<string, PhotoFile>,
): void {
  const file = known.get(found.relativePath)
  const same = file && file.sizeBytes === found.sizeBytes && file.mtimeMs === found.mtimeMs
  const sameStatus = same && file.ctimeMs === found.ctimeMs
  if (!same || (file.state === 'failed' && !sameStatus)) sorted.toRead.push(found)
  else if (sameStatus) sorted.unchanged.push(file)
  else sorted.touched.push({ file, ctimeMs: found.ctimeMs })
}
