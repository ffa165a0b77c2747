/** Whether a root's folder is there now, as far as that can be told from outside. */
import { opendir, stat } from 'node:fs/promises'
import { systemErrorCode } from '../../platform/fileErrors.js'

/** The identity of a folder: another disk mounted at its path has another. */
export interface RootIdentity {
  readonly dev: number
  readonly ino: number
}

/**
 * The identity of the folder at `path`, or null if it is offline: gone, not readable, or empty
 * although it `heldFiles`, as the mount point of a disk is that is not plugged in.
 */
export async function reachRoot(path: string, heldFiles: boolean): Promise<RootIdentity | null> {
  try {
    const { dev, ino } = await stat(path)
    if (heldFiles && (await isEmpty(path))) return null
    return { dev, ino }
  } catch (error) {
    if (systemErrorCode(error) === null) throw error
    return null
  }
}

/** Whether a folder holds nothing but hidden entries. */
async function isEmpty(path: string): Promise<boolean> {
  for await (const entry of await opendir(path)) {
    if (!entry.name.startsWith('.')) return false
  }
  return true
}
