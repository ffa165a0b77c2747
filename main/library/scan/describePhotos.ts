/** Finds out what the library keeps of contents that it has not met before. */
import { mapBounded } from '../../platform/mapBounded.js'
import type { Database } from '../../storage/openDatabase.js'
import type { NewPhoto } from '../../storage/repositories/photos.js'
import type { PictureDescription } from './describePicture.js'
import type { PictureReader } from './pictureReader.js'
import type { FoundFile, HashedFile } from './readPicture.js'

const readAtOnce = 4

/** A content that is new to the library, with the words that stand in it and beside it. */
export interface DescribedPhoto extends Omit<PictureDescription, 'facts'> {
  readonly photo: NewPhoto
}

export interface DescribingContext {
  readonly database: Database
  readonly reader: PictureReader
  readonly nowMs: number
  readonly signal: AbortSignal
}

/** Those of the hashed files whose content is new, each content once. */
export async function describePhotos(
  { database, reader, nowMs, signal }: DescribingContext,
  read: readonly HashedFile[],
): Promise<DescribedPhoto[]> {
  const fileByHash = new Map<string, FoundFile>()
  for (const one of read) if (one.kind === 'hashed') fileByHash.set(one.contentHash, one.file)
  const known = await database.photos.idsByHash([...fileByHash.keys()])
  const unknown = [...fileByHash].filter(([contentHash]) => !known.has(contentHash))
  return mapBounded(unknown, readAtOnce, async ([contentHash, file]) => {
    const { facts, ...words } = await reader.describe(file, signal)
    const photo = { ...facts, contentHash, sizeBytes: file.sizeBytes, createdAt: nowMs }
    return { photo, ...words }
  })
}
