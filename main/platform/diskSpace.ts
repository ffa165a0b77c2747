/** How much room a disk has. */
import { statfs } from 'node:fs/promises'
import { AppError } from '../../shared/errors.js'
import { toFileError } from './fileErrors.js'

/** Bytes that this person may still write to the disk of `folder`, which exists. */
async function freeBytes(folder: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(folder)
    return bavail * bsize
  } catch (error) {
    throw toFileError(error, folder)
  }
}

/** Left free beside what is written, for the database and everybody else. */
const spareBytes = 200e6

/** @throws AppError DISK_SHORT if the disk of `folder` has no room for `bytes` more */
export async function requireRoom(folder: string, bytes: number): Promise<void> {
  const free = await freeBytes(folder)
  if (free >= bytes + spareBytes) return
  throw new AppError('DISK_SHORT', {
    path: folder,
    neededBytes: bytes + spareBytes,
    freeBytes: free,
  })
}
