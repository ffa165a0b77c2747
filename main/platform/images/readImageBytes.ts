/** Reads a picture's file whole, so that decoding touches no other file. */
import { AppError } from '../../../shared/errors.js'
import { toFileError } from '../fileErrors.js'
import { openPlainFile } from '../openPlainFile.js'
import { maxInputBytes } from './imageLibrary.js'

/** How a picture given as bytes is named in errors. */
const unnamed = '(picture in memory)'

/** A picture's encoded bytes and the name to use in messages. */
export interface ImageBytes {
  readonly bytes: Uint8Array
  readonly path: string
}

/** A picture by its path, as encoded bytes, or as bytes of which it is known where they are from. */
export type ImageSource = string | Uint8Array | ImageBytes

/**
 * [Note: bytes, not paths]
 * libvips is always given bytes. An SVG read from a path may pull in files beside it, one read from
 * bytes has no base and may not; and a path could name a pipe, on which a read never ends.
 *
 * @throws AppError FILE_NOT_FOUND, FILE_UNREADABLE, or IMAGE_UNREADABLE for what is no plain file,
 *   is empty, or is larger than `maxInputBytes`
 */
export async function readImageBytes(source: ImageSource): Promise<ImageBytes> {
  const image = await readSource(source)
  if (image.bytes.byteLength === 0) {
    throw new AppError('IMAGE_UNREADABLE', { path: image.path, reason: 'the file is empty' })
  }
  return image
}

async function readSource(source: ImageSource): Promise<ImageBytes> {
  if (typeof source === 'string') return { bytes: await readPlainFile(source), path: source }
  return source instanceof Uint8Array ? { bytes: source, path: unnamed } : source
}

async function readPlainFile(path: string): Promise<Uint8Array> {
  try {
    const file = await openPlainFile(path)
    if (!file) throw new AppError('IMAGE_UNREADABLE', { path, reason: 'it is not a plain file' })
    try {
      if ((await file.stat()).size > maxInputBytes) {
        throw new AppError('IMAGE_UNREADABLE', { path, reason: 'the file is larger than 1 GiB' })
      }
      return await file.readFile()
    } finally {
      await file.close()
    }
  } catch (error) {
    throw toFileError(error, path)
  }
}
