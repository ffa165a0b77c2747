/** Hashes of files, remembered while nothing about a file changes. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { toFileError } from '../../../platform/fileErrors.js'

/*
 * [Note: when a model is hashed]
 * A model is opened for each search and each job, and hashing a large encoder takes a while.
 * So a process hashes a file once, and again when its place on the disk, its size or one of its times
 * is another; the time of the last change of any kind cannot be set back by ordinary means.
 * "semblance models verify" reads every file whatever is remembered.
 */

interface KnownHash {
  readonly stamp: string
  readonly sha256: string
}

const known = new Map<string, KnownHash>()

/** The file's sha256, read only if it is not known of the file as it is now. @throws FILE_UNREADABLE */
export async function sha256OfUnchanged(path: string, signal?: AbortSignal): Promise<string> {
  const stamp = await stampOf(path)
  const found = known.get(path)
  if (found?.stamp === stamp) return found.sha256
  return sha256OfFile(path, signal)
}

/** The file's sha256, read anew. @throws FILE_UNREADABLE */
export async function sha256OfFile(path: string, signal?: AbortSignal): Promise<string> {
  known.delete(path)
  const before = await stampOf(path)
  const hash = createHash('sha256')
  try {
    await pipeline(createReadStream(path, { highWaterMark: 2 ** 20 }), hash, { signal })
  } catch (error) {
    signal?.throwIfAborted()
    throw toFileError(error, path)
  }
  const sha256 = hash.digest('hex')
  // Written to meanwhile, it may be neither the old file nor the new one.
  if ((await stampOf(path)) === before) known.set(path, { stamp: before, sha256 })
  return sha256
}

async function stampOf(path: string): Promise<string> {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true })
    return [dev, ino, size, mtimeNs, ctimeNs].join(' ')
  } catch (error) {
    throw toFileError(error, path)
  }
}
