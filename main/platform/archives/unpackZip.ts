/** Unpacks a zip archive that somebody else has made: nothing outside the folder, and no bombs. */
import { createWriteStream } from 'node:fs'
import { mkdir, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import yauzl, { type Entry, type ZipFile } from 'yauzl'
import { AppError, isAppError } from '../../../shared/errors.js'
import { requireRoom } from '../diskSpace.js'
import { systemErrorCode, toFileError } from '../fileErrors.js'
import { isInside } from '../paths.js'

const mostEntries = 1_000
/** Weights hardly shrink and texts to a tenth; what unpacks to more than this is no model. */
const mostGrowth = 30
const alwaysAllowedBytes = 50e6

/**
 * Unpacks all files of `archive` into `folder`, which is made.
 *
 * @throws AppError ARCHIVE_INVALID for what is no zip archive, is damaged or encrypted, or holds
 *   links, names that lead out of the folder, or far more than its size; DISK_SHORT, DISK_FULL
 */
export async function unpackZip(
  archive: string,
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  const { size } = await stat(archive).catch((error: unknown) => {
    throw toFileError(error, archive)
  })
  await mkdir(folder, { recursive: true })
  try {
    const entries = await readEntries(archive)
    refuseBombs(archive, size, entries)
    await requireRoom(
      folder,
      entries.reduce((sum, entry) => sum + entry.uncompressedSize, 0),
    )
    await unpackEntries(archive, folder, signal)
  } catch (error) {
    signal.throwIfAborted()
    if (isAppError(error)) throw error
    if (['ENOSPC', 'EDQUOT'].includes(systemErrorCode(error) ?? '')) {
      throw toFileError(error, folder)
    }
    const reason = error instanceof Error ? error.message : String(error)
    throw new AppError('ARCHIVE_INVALID', { path: archive, reason }, { cause: error })
  }
}

/** The directory of the archive, read before anything is written. */
async function readEntries(archive: string): Promise<Entry[]> {
  const entries: Entry[] = []
  await eachEntry(archive, async (entry) => {
    if (entries.length >= mostEntries) throw new Error(`it holds more than ${mostEntries} files`)
    refuseEntry(entry)
    entries.push(entry)
  })
  return entries
}

function refuseEntry({ fileName, externalFileAttributes, generalPurposeBitFlag }: Entry): void {
  const fileType = (externalFileAttributes >>> 16) & 0o170000
  const isPlain = fileType === 0 || fileType === 0o100000 || fileType === 0o040000
  if (!isPlain) throw new Error(`${fileName} is a link or a device`)
  if (generalPurposeBitFlag & 1) throw new Error(`${fileName} is encrypted`)
}

function refuseBombs(archive: string, size: number, entries: readonly Entry[]): void {
  const total = entries.reduce((sum, entry) => sum + entry.uncompressedSize, 0)
  if (total <= Math.max(alwaysAllowedBytes, size * mostGrowth)) return
  const reason = `it would unpack to ${Math.ceil(total / 1e6)} MB, far more than its size`
  throw new AppError('ARCHIVE_INVALID', { path: archive, reason })
}

function unpackEntries(archive: string, folder: string, signal: AbortSignal): Promise<void> {
  return eachEntry(archive, async (entry, zip) => {
    signal.throwIfAborted()
    const target = resolve(join(folder, entry.fileName))
    if (!isInside(folder, target)) throw new Error(`${entry.fileName} leads out of the folder`)
    if (entry.fileName.endsWith('/')) {
      await mkdir(target, { recursive: true })
      return
    }
    await mkdir(dirname(target), { recursive: true })
    // Never over another file: two of one name are no archive of a model.
    await pipeline(await openEntry(zip, entry), createWriteStream(target, { flags: 'wx' }), {
      signal,
    })
  })
}

function openEntry(zip: ZipFile, entry: Entry): Promise<Readable> {
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => (error ? reject(error) : resolve(stream)))
  })
}

/** Calls `work` with one entry after the other. */
async function eachEntry(
  archive: string,
  work: (entry: Entry, zip: ZipFile) => Promise<void>,
): Promise<void> {
  const zip = await new Promise<ZipFile>((resolve, reject) => {
    yauzl.open(
      archive,
      { lazyEntries: true, autoClose: false, strictFileNames: true },
      (error, file) => (error ? reject(error) : resolve(file)),
    )
  })
  try {
    await new Promise<void>((resolve, reject) => {
      zip.on('error', reject)
      zip.on('end', resolve)
      zip.on('entry', (entry: Entry) => {
        work(entry, zip).then(() => zip.readEntry(), reject)
      })
      zip.readEntry()
    })
  } finally {
    zip.close()
  }
}
