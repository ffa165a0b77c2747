/** Thumbnails of the library's photos: from the cache, or drawn when they are asked for. */
import { AppError, isAppError } from '../../../shared/errors.js'
import { decoderVersion } from '../../platform/images/imageLibrary.js'
import type { ImageThread } from '../../platform/images/imageThread.js'
import { fromPortablePath } from '../../platform/paths.js'
import type { Database } from '../../storage/openDatabase.js'
import type { Photo } from '../../storage/repositories/photos.js'
import { locatePhotos } from '../locatePhotos.js'
import type { ThumbnailCache } from './thumbnailCache.js'
import { type ThumbnailKind, thumbnailSizes } from './thumbnailSizes.js'

export interface Thumbnails {
  /**
   * The file of a photo's thumbnail. Who asked last is served first: what was scrolled past can wait.
   *
   * @throws AppError IMAGE_UNREADABLE, PHOTO_NOT_FOUND
   */
  get(photo: Photo, kind: ThumbnailKind): Promise<string>
  /** The file of a photo's thumbnail if it is there and need not be drawn. */
  atHand(contentHash: string, kind: ThumbnailKind): Promise<string | null>
  /** Whether somebody waits for one now. */
  busy(): boolean
}

/** libvips uses a thread for each picture. */
const drawnAtOnce = 3

export function createThumbnails(
  database: Database,
  cache: ThumbnailCache,
  images: Pick<ImageThread, 'drawThumbnail'>,
): Thumbnails {
  const wanted = new Map<string, Promise<string>>()
  const waiting: (() => void)[] = []
  let drawing = 0

  async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (drawing >= drawnAtOnce) await new Promise<void>((resolve) => waiting.push(resolve))
    drawing++
    try {
      return await work()
    } finally {
      drawing--
      waiting.pop()?.()
    }
  }

  async function find(photo: Photo, kind: ThumbnailKind): Promise<string> {
    const kept = await cache.find(photo.contentHash, kind)
    if (kept !== null) return kept
    const path = await readablePath(database, photo.id)
    if (path !== null) return inTurn(() => draw(path, photo, kind))
    const tile = await cache.find(photo.contentHash, 'tile')
    if (tile !== null) return tile
    throw new AppError('IMAGE_UNREADABLE', {
      path: `photo ${photo.id}`,
      reason: 'the folder it is in is not connected now',
    })
  }

  async function draw(path: string, photo: Photo, kind: ThumbnailKind): Promise<string> {
    try {
      const bytes = await images.drawThumbnail(path, thumbnailSizes[kind])
      return await cache.save(photo.contentHash, kind, bytes)
    } catch (error) {
      if (isAppError(error, 'IMAGE_UNREADABLE')) {
        const { reason } = error.data
        await database.thumbnailFailures.save({ photoId: photo.id, reason, decoderVersion })
      }
      throw error
    }
  }

  return {
    get(photo, kind) {
      const key = `${photo.contentHash} ${kind}`
      const known = wanted.get(key)
      if (known) return known
      const found = find(photo, kind).finally(() => wanted.delete(key))
      wanted.set(key, found)
      return found
    },
    atHand: (contentHash, kind) => cache.find(contentHash, kind),
    busy: () => waiting.length > 0,
  }
}

/** Where the photo can be read now; null while all its folders are away. */
async function readablePath(database: Database, photoId: number): Promise<string | null> {
  const places = (await locatePhotos(database, [photoId])).get(photoId)
  if (!places) throw new AppError('PHOTO_NOT_FOUND', { photo: String(photoId) })
  const place = places.find((one) => !one.offline)
  return place ? fromPortablePath(place.rootPath, place.relativePath) : null
}
