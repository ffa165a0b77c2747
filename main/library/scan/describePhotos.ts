/** Reads what the library keeps of contents that it has not met before. */
import { readImageBytes } from '../../platform/images/readImageBytes.js'
import { readImageInfo } from '../../platform/images/readImageInfo.js'
import { mapBounded } from '../../platform/mapBounded.js'
import type { Database } from '../../storage/openDatabase.js'
import type { NewPhoto } from '../../storage/repositories/photos.js'
import { readSidecar } from '../captions/readSidecar.js'
import { type EmbeddedWords, readMetadata } from '../metadata/readMetadata.js'
import { claimedFormat } from '../pictureFormats.js'
import type { FoundFile, HashedFile } from './readPicture.js'

const readAtOnce = 4

/** A content that is new to the library, with the words that stand in it and beside it. */
export interface DescribedPhoto {
  readonly photo: NewPhoto
  readonly embedded: EmbeddedWords
  /** Of the text file beside it. */
  readonly beside: readonly string[]
}

/** Those of the hashed files whose content is new, each content once. */
export async function describePhotos(
  database: Database,
  read: readonly HashedFile[],
  nowMs: number,
  signal?: AbortSignal,
): Promise<DescribedPhoto[]> {
  const fileByHash = new Map<string, FoundFile>()
  for (const one of read) if (one.kind === 'hashed') fileByHash.set(one.contentHash, one.file)
  const known = await database.photos.idsByHash([...fileByHash.keys()])
  const unknown = [...fileByHash].filter(([contentHash]) => !known.has(contentHash))
  return mapBounded(unknown, readAtOnce, async ([contentHash, file]) => {
    signal?.throwIfAborted()
    const bytes = await readBytes(file.path)
    const { metadata, words } = await readMetadata(bytes, file.path, file.mtimeMs)
    const header = await readHeader(bytes, file.path)
    const { sizeBytes } = file
    const photo = { contentHash, sizeBytes, ...header, ...metadata, createdAt: nowMs }
    // A text that cannot be read is no reason to leave the picture out.
    return { photo, embedded: words, beside: await readSidecar(file.path).catch(() => []) }
  })
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
