/** Turns the operating system's file errors into errors that name the file and what to do. */
import { AppError, isAppError } from '../../shared/errors.js'

const reasons: Record<string, string> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EIO: 'the disk reported a read error',
  ELOOP: 'its symbolic links form a loop',
  ENOTDIR: 'a part of the path is not a folder',
  EISDIR: 'it is a folder',
  ENAMETOOLONG: 'the name is too long',
  EMFILE: 'too many files are open',
  ESTALE: 'the network drive has gone',
  ETIMEDOUT: 'the drive did not answer',
  EROFS: 'the disk is read-only',
}

/** The system's error code (`ENOENT`, ...) of a thrown value, or null. */
export function systemErrorCode(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error)) return null
  return typeof error.code === 'string' ? error.code : null
}

/** An AppError for what went wrong with `path`; an AppError passes through. */
export function toFileError(error: unknown, path: string): AppError {
  if (isAppError(error)) return error
  const code = systemErrorCode(error)
  if (code === 'ENOENT') return new AppError('FILE_NOT_FOUND', { path }, { cause: error })
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new AppError('DISK_FULL', { path }, { cause: error })
  }
  const message = error instanceof Error ? error.message : String(error)
  const reason = (code && reasons[code]) ?? message
  return new AppError('FILE_UNREADABLE', { path, reason }, { cause: error })
}

/** What is wrong with a file, for lists that name it already: without its path. */
export function failureReason(error: AppError): string {
  return 'reason' in error.data ? error.data.reason : error.message
}
