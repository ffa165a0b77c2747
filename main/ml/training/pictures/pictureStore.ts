/** Decodes the training pictures once and keeps them as small squares, in memory or in a file. */
import { type FileHandle, open, readFile, stat, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readingFailure } from '../features/embedPictures.js'
import { forEachBounded } from '../forEachBounded.js'
import { onFullDisk } from '../onFullDisk.js'

/** Where a worker finds the pictures: shared memory, or a file with one record after the other. */
export type PictureData =
  | { readonly kind: 'memory'; readonly bytes: SharedArrayBuffer }
  | { readonly kind: 'file'; readonly path: string }

/** Decoded pictures, `[size, size, 3]` bytes each, in the order of the paths they came from. */
export interface PictureStore {
  readonly size: number
  readonly data: PictureData
  /** Per path whether it could be read. */
  readonly readable: readonly boolean[]
  readonly skipped: readonly { readonly path: string; readonly reason: string }[]
}

export interface PictureStoreOptions {
  /** The same list again finds what an interrupted run has decoded already. */
  readonly paths: readonly string[]
  readonly size: number
  /** Decodes one picture to `[size, size, 3]`; what it throws as AppError skips the picture. */
  readonly decode: (path: string, size: number) => Promise<Uint8Array>
  /** Folder for the file of decoded pictures. */
  readonly folder: string
  /** Above it the pictures stay in the file, which the system caches as memory allows. */
  readonly memoryLimitBytes: number
  readonly signal: AbortSignal
  readonly onProgress: (done: number, total: number) => void
}

/**
 * Decodes what is not decoded yet. Two files: `pictures.bin` holds the records, `pictures.done` one
 * byte per picture, written after its record is on the disk.
 *
 * @throws DISK_FULL, and the signal's reason when aborted
 */
export async function preparePictures(options: PictureStoreOptions): Promise<PictureStore> {
  const path = join(options.folder, 'pictures.bin')
  const skipped = await onFullDisk(options.folder, () => decodeMissing(path, options))
  const unreadable = new Set(skipped.map((s) => s.path))
  return {
    size: options.size,
    data: await openData(path, options),
    readable: options.paths.map((p) => !unreadable.has(p)),
    skipped,
  }
}

async function decodeMissing(path: string, options: PictureStoreOptions) {
  const { paths, size, decode, signal } = options
  const donePath = join(options.folder, 'pictures.done')
  const done = await readDone(path, donePath, options)
  const missing = paths.flatMap((_, i) => (done[i] ? [] : [i]))
  const skipped: { path: string; reason: string }[] = []
  let count = paths.length - missing.length
  const file = await openRecords(path)
  try {
    for (let start = 0; start < missing.length; start += flushEvery) {
      const part = missing.slice(start, start + flushEvery)
      await forEachBounded(part, decodeConcurrency, signal, async (i) => {
        const failure = await decodeRecord(file, i, paths[i]!, size, decode)
        if (failure === null) done[i] = 1
        else skipped.push({ path: paths[i]!, reason: failure })
        options.onProgress(++count, paths.length)
      })
      await file.datasync()
      await writeFile(donePath, done)
    }
  } finally {
    await file.close()
  }
  return skipped.sort((a, b) => a.path.localeCompare(b.path))
}

const flushEvery = 512
/** libuv decodes four at a time; two more keep it busy while records are written. */
const decodeConcurrency = 6

/** Writes one picture's record; returns the reason if it cannot be read. */
async function decodeRecord(
  file: FileHandle,
  index: number,
  path: string,
  size: number,
  decode: PictureStoreOptions['decode'],
): Promise<string | null> {
  let pixels: Uint8Array
  try {
    pixels = await decode(path, size)
  } catch (error) {
    return readingFailure(error)
  }
  await writeWhole(file, pixels, index * recordBytes(size))
  return null
}

/** A disk that is almost full takes a part and says so only in the count. */
async function writeWhole(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    at += (await file.write(bytes, at, bytes.length - at, position + at)).bytesWritten
  }
}

/** Which pictures a run before this one has decoded; none if the files do not fit together. */
async function readDone(
  path: string,
  donePath: string,
  { paths, size }: PictureStoreOptions,
): Promise<Uint8Array> {
  const none = new Uint8Array(paths.length)
  const done = await readFile(donePath).catch(() => none)
  const length = await stat(path).then(
    (s) => s.size,
    () => 0,
  )
  const least = (done.lastIndexOf(1) + 1) * recordBytes(size)
  const complete = done.length === paths.length && length >= least
  if (complete && length <= paths.length * recordBytes(size)) return Uint8Array.from(done)
  if (length > 0) await truncate(path, 0)
  return none
}

async function openRecords(path: string): Promise<FileHandle> {
  return open(path, 'r+').catch(() => open(path, 'w+'))
}

async function openData(
  path: string,
  { paths, size, memoryLimitBytes }: PictureStoreOptions,
): Promise<PictureData> {
  const total = paths.length * recordBytes(size)
  if (total > memoryLimitBytes) return { kind: 'file', path }
  const bytes = new SharedArrayBuffer(total)
  const view = new Uint8Array(bytes)
  const file = await open(path, 'r')
  try {
    for (let at = 0; at < total; ) {
      const { bytesRead } = await file.read(view, at, Math.min(total - at, readAtOnceBytes), at)
      if (bytesRead === 0) break
      at += bytesRead
    }
  } finally {
    await file.close()
  }
  return { kind: 'memory', bytes }
}

const readAtOnceBytes = 2 ** 26

/** Bytes of one stored picture. */
export function recordBytes(size: number): number {
  return size * size * 3
}
