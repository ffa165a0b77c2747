/** Finds out whether a folder has changed while nobody watched it. */
import { existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { removeStaleTemporaries, temporaryPathFor } from '../platform/atomicFiles.js'

/** The file in a library's folder by which changes of one of its folders are found. */
export function snapshotPathOf(libraryFolder: string, rootId: number): string {
  return join(libraryFolder, 'watched', `${rootId}.snapshot`)
}

/**
 * Calls `onChange` if anything below `path` has changed since the last call that came to its end, or
 * if there was none. The system's names and times are compared, in a thread of their own; no file is read.
 *
 * @param snapshotPath a file that keeps names and times of what is below `path`
 * @throws the system's error where the folder cannot be read or the file cannot be written
 */
export async function catchUp(
  path: string,
  snapshotPath: string,
  onChange: () => Promise<void>,
): Promise<void> {
  const { getEventsSince, writeSnapshot } = await import('@parcel/watcher')
  await mkdir(dirname(snapshotPath), { recursive: true })
  await removeStaleTemporaries(snapshotPath)
  const next = temporaryPathFor(snapshotPath)
  try {
    // Taken first: what comes while the changes are looked for is found the next time.
    await writeSnapshot(path, next)
    const known = existsSync(snapshotPath)
    if (!known || (await getEventsSince(path, snapshotPath)).length > 0) await onChange()
    // Kept last: a process that dies before this looks again.
    await rename(next, snapshotPath)
  } finally {
    await rm(next, { force: true })
  }
}
