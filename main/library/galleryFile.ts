/** The gallery in one flat file, which is read faster than as many rows of a database. */
import { readFile, rm } from 'node:fs/promises'
import { endianness } from 'node:os'
import { crc32 } from 'node:zlib'
import { removeStaleTemporaries, writeFileAtomically } from '../platform/atomicFiles.js'
import { type Gallery, type GalleryColumn, galleryColumns } from './gallery.js'

/** The header: JSON, filled up with spaces. Then each column, in this machine's byte order. */
const headerBytes = 256
const format = 1

/**
 * The photos as they were in this version of the library, or null. The file is a cache: whatever is
 * wrong with it, it is made anew from the database. One of another version goes at once: a library
 * that was put back from a copy may come to that version again, with other photos.
 */
export async function readGalleryFile(path: string, version: number): Promise<Gallery | null> {
  const file = await readFile(path).catch(() => null)
  if (file === null) return null
  const body = file.subarray(headerBytes)
  const rows = body.length / 4 / galleryColumns.length
  if (!file.subarray(0, headerBytes).equals(describe(version, rows, crc32(body)))) {
    await rm(path, { force: true })
    return null
  }
  const columns = galleryColumns.map((name, i): [GalleryColumn, Gallery[GalleryColumn]] => {
    const column = new Uint32Array(new SharedArrayBuffer(4 * rows))
    new Uint8Array(column.buffer).set(body.subarray(4 * rows * i, 4 * rows * (i + 1)))
    return [name, column]
  })
  return Object.fromEntries(columns) as unknown as Gallery
}

/** Replaces the file. @throws AppError DISK_FULL, FILE_UNREADABLE */
export async function writeGalleryFile(
  path: string,
  version: number,
  gallery: Gallery,
): Promise<void> {
  await removeStaleTemporaries(path)
  const body = Buffer.concat(galleryColumns.map((name) => new Uint8Array(gallery[name].buffer)))
  const header = describe(version, gallery.ids.length, crc32(body))
  await writeFileAtomically(path, [header, body])
}

function describe(version: number, rows: number, checksum: number): Buffer {
  const header = Buffer.alloc(headerBytes, ' ')
  header.write(JSON.stringify({ format, version, rows, checksum, bytes: endianness() }))
  return header
}
