/** What SQLite's errors mean to a person. */
import { statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import { AppError, isAppError } from '../../shared/errors.js'

/** An AppError for what SQLite says of the file at `path`; any other error passes through. */
export function toStorageError(error: unknown, path: string): unknown {
  if (isAppError(error) || !(error instanceof Error) || !('code' in error)) return error
  switch (error.code) {
    case 'SQLITE_FULL':
      return new AppError('DISK_FULL', { path }, { cause: error })
    case 'SQLITE_CORRUPT':
    case 'SQLITE_NOTADB':
      return new AppError(
        'LIBRARY_CORRUPT',
        { path, reason: 'the file is damaged or is no database' },
        { cause: error },
      )
    case 'SQLITE_CANTOPEN':
    case 'SQLITE_READONLY':
    case 'SQLITE_PERM':
      if (hasNoRoom(path)) return new AppError('DISK_FULL', { path }, { cause: error })
      return new AppError(
        'FILE_UNREADABLE',
        { path, reason: 'the library cannot be opened for writing' },
        { cause: error },
      )
    case 'SQLITE_IOERR':
      if (hasNoRoom(path)) return new AppError('DISK_FULL', { path }, { cause: error })
      return new AppError('FILE_UNREADABLE', { path, reason: 'the disk failed' }, { cause: error })
    default:
      return error
  }
}

/** Less than this is no room: the shared memory of the write-ahead log alone takes 32 KiB. */
const leastRoomBytes = 2 ** 20

/**
 * Whether the disk of the file at `path` is full. SQLite says so only of its database; where the
 * files beside it cannot grow, it speaks of a failed disk.
 */
function hasNoRoom(path: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(dirname(path))
    return bavail * bsize < leastRoomBytes
  } catch {
    return false
  }
}
