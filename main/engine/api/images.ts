/** Finds the files behind the addresses of pictures. */
import { AppError } from '../../../shared/errors.js'
import { locatePhotos } from '../../library/locatePhotos.js'
import { fromPortablePath } from '../../platform/paths.js'
import type { Database } from '../../storage/openDatabase.js'
import type { Photo } from '../../storage/repositories/photos.js'
import { libraryUid } from '../libraryUid.js'
import type { LibraryOpener } from '../openLibrary.js'
import type { SearchApi } from './search.js'

export type ImageVariant = 'tile' | 'preview' | 'original'

/** A file that may be sent to a window. */
export interface ServedFile {
  readonly path: string
  readonly contentType: string
  /** Changes whenever the bytes do. */
  readonly etag: string
}

export interface ImagesApi {
  /** @throws AppError PHOTO_NOT_FOUND, IMAGE_UNREADABLE */
  find(uid: string, photoId: number, variant: ImageVariant): Promise<ServedFile>
  /**
   * The files of those photos' tiles that lie ready, null for each that does not: `find` draws it.
   *
   * @throws AppError PHOTO_NOT_FOUND for another library's
   */
  tilesAtHand(uid: string, photoIds: readonly number[]): Promise<(string | null)[]>
  /** A picture of a query. @throws AppError FILE_NOT_FOUND */
  findPicture(picture: string): Promise<ServedFile>
  /** Takes the bytes of a picture to look for. @throws AppError IMAGE_UNREADABLE */
  addPicture(bytes: Uint8Array): Promise<{ readonly picture: string }>
}

export interface ImagesDependencies {
  readonly library: LibraryOpener
  readonly search: Pick<SearchApi, 'addPictureBytes' | 'findPicture'>
}

/** Formats that every browser shows and that run nothing. */
const shownFormats: Readonly<Record<string, string>> = {
  jpeg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  gif: 'image/gif',
}

export function createImagesApi({ library, search }: ImagesDependencies): ImagesApi {
  return {
    async find(uid, photoId, variant) {
      const { database, thumbnails, traffic } = await library.open()
      const photo =
        uid === (await libraryUid(database)) ? await database.reads.photos.get(photoId) : null
      if (!photo) throw new AppError('PHOTO_NOT_FOUND', { photo: String(photoId) })
      const original = variant === 'original' ? await originalOf(database, photo) : null
      if (original !== null) return original
      const kind = variant === 'tile' ? 'tile' : 'preview'
      // A person looks at it now.
      const path = await traffic.during(() => thumbnails.get(photo, kind))
      return { path, contentType: 'image/webp', etag: `"${photo.contentHash}-${kind}"` }
    },

    async tilesAtHand(uid, photoIds) {
      const { database, thumbnails, traffic } = await library.open()
      if (uid !== (await libraryUid(database))) {
        throw new AppError('PHOTO_NOT_FOUND', { photo: photoIds.join(', ') })
      }
      return traffic.during(async () => {
        const hashes = await database.reads.photos.contentHashes(photoIds)
        return Promise.all(
          photoIds.map((id) => {
            const hash = hashes.get(id)
            return hash === undefined ? null : thumbnails.atHand(hash, 'tile')
          }),
        )
      })
    },

    async findPicture(picture) {
      const found = await search.findPicture(picture)
      if (found) return found
      throw new AppError('FILE_NOT_FOUND', { path: `picture ${picture}` })
    },

    addPicture: (bytes) => search.addPictureBytes(bytes),
  }
}

/** The photo's own file, if it can be reached and shown as it is. */
async function originalOf(database: Database, photo: Photo): Promise<ServedFile | null> {
  const contentType = shownFormats[photo.format]
  const places = (await locatePhotos(database, [photo.id])).get(photo.id) ?? []
  const place = places.find((one) => !one.offline)
  if (!contentType || !place) return null
  const path = fromPortablePath(place.rootPath, place.relativePath)
  return { path, contentType, etag: `"${photo.contentHash}"` }
}
