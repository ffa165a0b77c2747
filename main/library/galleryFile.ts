/** The gallery in one flat file, which is read faster than as many rows of a database. */
import { readFile, rm } from 'node:fs/promises'
import { endianness } from 'node:os'
import { crc32 } from 'node:zlib'
import { removeStaleTemporaries, writeFileAtomically } from '../platform/atomicFiles.js'
import type { Gallery } from './gallery.js'

/** The header: JSON, filled up with spaces. Then each column, in this machine's byte order. */
const headerBytes = 256
const format = 2
const bytesPerPhoto = 20

/**
 * The photos as they were in this version of the library, or null. The file is a cache: whatever is
 * wrong with it, it is made anew from the database. One of another version goes at once: a library
 * that was put back from a copy may come to that version again, with other photos.
 */
export async function readGalleryFile(path: string, version: number): Promise<Gallery | null> {
  const file = await readFile(path).catch(() => null)
  if (file === null) return null
  const body = file.subarray(headerBytes)
  const rows = body.length / bytesPerPhoto
  if (!file.subarray(0, headerBytes).equals(describe(version, rows, crc32(body)))) {
    await rm(path, { force: true })
    return null
  }
  let from = 0
  const next = (bytesEach: 4 | 8) => {
    const column = new SharedArrayBuffer(bytesEach * rows)
    new Uint8Array(column).set(body.subarray(from, from + column.byteLength))
    from += column.byteLength
    return column
  }
  return {
    ids: new Uint32Array(next(4)),
    ratios: new Uint32Array(next(4)),
    seconds: new Float64Array(next(8)),
    newest: new Uint32Array(next(4)),
  }
}

/** Replaces the file. @throws AppError DISK_FULL, FILE_UNREADABLE */
export async function writeGalleryFile(
  path: string,
  version: number,
  gallery: Gallery,
): Promise<void> {
  await removeStaleTemporaries(path)
  const { ids, ratios, seconds, newest } = gallery
  const columns = [ids, ratios, seconds, newest]
  const body = Buffer.concat(columns.map(({ buffer }) => new Uint8Array(buffer)))
  const header = describe(version, ids.length, crc32(body))
  await writeFileAtomically(path, [header, body])
}

function describe(version: number, rows: number, checksum: number): Buffer {
  const header = Buffer.alloc(headerBytes, ' ')
  header.write(JSON.stringify({ format, version, rows, checksum, bytes: endianness() }))
  return header
}
