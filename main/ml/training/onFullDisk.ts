/** Tells a full disk apart from a defect. */
import { AppError } from '../../../shared/errors.js'
import { systemErrorCode } from '../../platform/fileErrors.js'

/** Runs `write`; if it fails for lack of space, throws DISK_FULL naming `path` instead. */
export async function onFullDisk<T>(path: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write()
  } catch (error) {
    const code = systemErrorCode(error)
    if (code === 'ENOSPC' || code === 'EDQUOT') {
      throw new AppError('DISK_FULL', { path }, { cause: error })
    }
    throw error
  }
}
