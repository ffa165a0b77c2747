/** Reads what the library keeps of contents that it has not met before. */

import { readImageInfo } from '../../platform/images/readImageInfo.js'
import { mapBounded } from '../../platform/mapBounded.js'
import type { Database } from '../../storage/openDatabase.js'
import type { NewPhoto } from '../../storage/repositories/photos.js'
import { readMetadata } from '../metadata/readMetadata.js'
import { claimedFormat } from '../pictureFormats.js'
import type { FoundFile, HashedFile } from './readPicture.js'

const readAtOnce = 4

/** Rows for those of the hashed files whose content is new, each content once. */
export async function describePhotos(
  database: Database,
  read: readonly HashedFile[],
  nowMs: number,
  signal?: AbortSignal,
): Promise<NewPhoto[]> {
  const fileByHash = new Map<string, FoundFile>()
  for (const one of read) if (one.kind === 'hashed') fileByHash.set(one.contentHash, one.file)
  const known = await database.photos.idsByHash([...fileByHash.keys()])
  const unknown = [...fileByHash].filter(([contentHash]) => !known.has(contentHash))
  return mapBounded(unknown, readAtOnce, async ([contentHash, file]) => {
    signal?.throwIfAborted()
    return {
      contentHash,
      sizeBytes: file.sizeBytes,
      ...(await readHeader(file.path)),
      ...(await readMetadata(file.path, file.mtimeMs)),
      createdAt: nowMs,
    }
  })
}

/** Format and size in pixels. A file without a readable header keeps the format its name claims. */
async function readHeader(path: string): Promise<Pick<NewPhoto, 'format' | 'width' | 'height'>> {
  try {
    return await readImageInfo(path)
  } catch {
    // Encoding will fail on it too, and keeps the reason for the user.
    return { format: claimedFormat(path), width: null, height: null }
  }
}
