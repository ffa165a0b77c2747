/** Writes files and folders so that a crash at any moment leaves the old one or the new one, whole. */
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { type FileHandle, open, readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { systemErrorCode, toFileError } from './fileErrors.js'

/** Largest single write; Node refuses 2 GiB and more in one call. */
const writeChunkBytes = 2 ** 28

export type FileContent = string | Uint8Array | readonly Uint8Array[]

/**
 * Replaces the file at `path`: a temporary file beside it is written, synchronised and renamed.
 *
 * @param data text (UTF-8), bytes, or pieces of bytes to be joined
 * @throws AppError DISK_FULL, FILE_NOT_FOUND where its folder is missing, FILE_UNREADABLE
 */
export async function writeFileAtomically(path: string, data: FileContent): Promise<void> {
  const temporary = temporaryPathFor(path)
  try {
    const file = await open(temporary, 'wx')
    try {
      for (const piece of toPieces(data)) await writeFully(file, piece)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
    await syncFolder(dirname(path))
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined)
    throw toFileError(error, path)
  }
}

/** A path beside `path` that nothing uses; a crash may leave a file or folder there. */
export function temporaryPathFor(path: string): string {
  return `${path}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`
}

/** Deletes what crashed processes left at temporary paths of `path`. */
export async function removeStaleTemporaries(path: string): Promise<void> {
  const prefix = `${basename(path)}.`
  for (const name of await readdir(dirname(path)).catch(() => [])) {
    const pid =
      name.startsWith(prefix) && name.slice(prefix.length).match(/^(\d+)\.[0-9a-f]{8}\.tmp$/)
    if (!pid || isRunning(Number(pid[1]))) continue
    await rm(join(dirname(path), name), { recursive: true, force: true })
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return systemErrorCode(error) === 'EPERM'
  }
}

/**
 * Puts the finished folder `source` in the place of `target`, which may exist. Both lie on one disk.
 *
 * A folder cannot be renamed over a full one, so the old one steps aside for a moment. A crash just
 * then leaves it beside its place: `restoreFolder` brings it back.
 *
 * @throws AppError DISK_FULL, FILE_NOT_FOUND, FILE_UNREADABLE
 */
export async function replaceFolderAtomically(source: string, target: string): Promise<void> {
  const aside = asidePath(target)
  try {
    await restoreFolder(target)
    await rm(aside, { recursive: true, force: true })
    await syncTree(source)
    if (existsSync(target)) await rename(target, aside)
    await rename(source, target)
    await syncFolder(dirname(target))
    await rm(aside, { recursive: true, force: true })
  } catch (error) {
    await restoreFolder(target)
    throw toFileError(error, target)
  }
}

/** Undoes a replacement of `target` that was cut off between its two renames. Otherwise does nothing. */
export async function restoreFolder(target: string): Promise<void> {
  if (existsSync(target) || !existsSync(asidePath(target))) return
  await rename(asidePath(target), target)
}

function asidePath(target: string): string {
  return `${target}.replaced`
}

function toPieces(data: FileContent): readonly Uint8Array[] {
  if (typeof data === 'string') return [new TextEncoder().encode(data)]
  return data instanceof Uint8Array ? [data] : data
}

async function writeFully(file: FileHandle, bytes: Uint8Array): Promise<void> {
  let done = 0
  while (done < bytes.byteLength) {
    const length = Math.min(writeChunkBytes, bytes.byteLength - done)
    done += (await file.write(bytes, done, length)).bytesWritten
  }
}

/** Makes every file and folder below `folder` durable. */
export async function syncTree(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) await syncTree(path)
    else if (entry.isFile()) await syncFile(path)
  }
  await syncFolder(folder)
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Makes a rename durable. Platforms that cannot open a folder do without. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => null)
  if (handle === null) return
  await handle.sync().catch(() => undefined)
  await handle.close()
}
