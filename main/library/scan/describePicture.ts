/** What the library keeps of a picture's content, beside its hash. */
import { readImageBytes } from '../../platform/images/readImageBytes.js'
import { readImageInfo } from '../../platform/images/readImageInfo.js'
import type { NewPhoto } from '../../storage/repositories/photos.js'
import { readSidecar } from '../captions/readSidecar.js'
import { type EmbeddedWords, readMetadata } from '../metadata/readMetadata.js'
import { claimedFormat } from '../pictureFormats.js'
import type { FoundFile } from './readPicture.js'

export interface PictureDescription {
  readonly facts: Omit<NewPhoto, 'contentHash' | 'sizeBytes' | 'createdAt'>
  /** Words that stand in the file. */
  readonly embedded: EmbeddedWords
  /** Of the text file beside it. */
  readonly beside: readonly string[]
}

export async function describePicture({ path, mtimeMs }: FoundFile): Promise<PictureDescription> {
  const bytes = await readBytes(path)
  const { metadata, words } = await readMetadata(bytes, path, mtimeMs)
  const facts = { ...(await readHeader(bytes, path)), ...metadata }
  // A text that cannot be read is no reason to leave the picture out.
  return { facts, embedded: words, beside: await readSidecar(path).catch(() => []) }
}

/** A file that cannot be read now fails again when it is encoded, which keeps the reason. */
async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return (await readImageBytes(path)).bytes
  } catch {
    return new Uint8Array()
  }
}

/** Format and size in pixels. A file without a readable header keeps the format its name claims. */
async function readHeader(
  bytes: Uint8Array,
  path: string,
): Promise<Pick<NewPhoto, 'format' | 'width' | 'height'>> {
  try {
    return await readImageInfo(bytes)
  } catch {
    // Encoding will fail on it too, and keeps the reason for the user.
    return { format: claimedFormat(path), width: null, height: null }
  }
}
