/**
 * Names for folders and files that clients may hold instead of paths. A host grants one for what
 * the person chose there; nothing else on the disk can be named.
 */
import { randomBytes } from 'node:crypto'
import { AppError } from '../../shared/errors.js'

export interface Handles {
  /** A handle of `path`: the same one each time, valid until the engine ends. */
  grant(path: string): string
  /** @throws AppError INVALID_ARGUMENT for a handle that was never granted */
  resolve(handle: string): string
}

export function createHandles(): Handles {
  const byPath = new Map<string, string>()
  const byHandle = new Map<string, string>()
  return {
    grant(path) {
      const known = byPath.get(path)
      if (known !== undefined) return known
      const handle = randomBytes(18).toString('base64url')
      byPath.set(path, handle)
      byHandle.set(handle, path)
      return handle
    },
    resolve(handle) {
      const path = byHandle.get(handle)
      if (path !== undefined) return path
      throw new AppError('INVALID_ARGUMENT', {
        argument: 'folder',
        problem: 'this choice is no longer valid; choose again',
      })
    },
  }
}
