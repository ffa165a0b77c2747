/** All that a scan wants to know of one new or changed file. */
import { failureReason, systemErrorCode, toFileError } from '../../platform/fileErrors.js'
import { type FileVersion, hashFile, type Stoppable } from './hashFile.js'

export interface FoundFile extends FileVersion {
  readonly relativePath: string
  readonly path: string
}

export interface FailedFile {
  kind: 'failed'
  file: FoundFile
  code: string
  reason: string
}

export type HashedFile =
  | { kind: 'hashed'; file: FoundFile; contentHash: string }
  | FailedFile
  /** It vanished between being found and being read. */
  | { kind: 'gone' }

/** Reads and hashes a file; what is wrong with it is told, not thrown. */
export async function readPicture(file: FoundFile, signal?: Stoppable): Promise<HashedFile> {
  if (file.sizeBytes === 0) {
    return { kind: 'failed', file, code: 'IMAGE_UNREADABLE', reason: 'the file is empty' }
  }
  try {
    return { kind: 'hashed', file, contentHash: await hashFile(file.path, signal) }
  } catch (error) {
    signal?.throwIfAborted()
    if (systemErrorCode(error) === 'ENOENT') return { kind: 'gone' }
    return { kind: 'failed', file, ...failureOf(error, file.path) }
  }
}

/** The code and reason that a failed file is kept with. */
export function failureOf(error: unknown, path: string): { code: string; reason: string } {
  const failure = toFileError(error, path)
  return { code: failure.code, reason: failureReason(failure) }
}
