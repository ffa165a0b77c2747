/** A file's identity by its content. */
import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { AppError } from '../../../shared/errors.js'

/** What a file's status tells of its version. */
export interface FileVersion {
  readonly sizeBytes: number
  readonly mtimeMs: number
  readonly ctimeMs: number
}

/** What is asked now and then whether to go on, such as an AbortSignal. */
export type Stoppable = Pick<AbortSignal, 'throwIfAborted'>

/**
 * SHA-256 of the bytes of the file at `path`, hexadecimal. Throws the system's error, or
 * FILE_UNREADABLE if the file was written to meanwhile.
 */
export async function hashFile(path: string, signal?: Stoppable): Promise<string> {
  const file = await open(path, 'r')
  try {
    const before = await file.stat()
    const hash = createHash('sha256')
    // A stream that is given an aborted signal fails before anybody can listen: the process dies.
    signal?.throwIfAborted()
    for await (const bytes of file.createReadStream({ highWaterMark: 1 << 20, autoClose: false })) {
      signal?.throwIfAborted()
      hash.update(bytes as Buffer)
    }
    const after = await file.stat()
    if (before.size !== after.size || before.mtimeMs !== after.mtimeMs) {
      throw new AppError('FILE_UNREADABLE', { path, reason: 'it was changed while being read' })
    }
    return hash.digest('hex')
  } finally {
    await file.close()
  }
}
