/** What is told of photos: a line for each of many, or everything about one. */
import type { PhotoDetail, PhotoSummary, PhotoWord } from '../../shared/domain/photo.js'
import { AppError } from '../../shared/errors.js'
import { fromPortablePath } from '../platform/paths.js'
import type { Reads } from '../storage/openDatabase.js'
import type { Photo, PhotoLocation } from '../storage/repositories/photos.js'
import type { PhotoWords } from '../storage/repositories/words.js'
import { locatePhotos } from './locatePhotos.js'

/** In the order of `ids`; those that no file holds any more are left out. */
export async function summarizePhotos(
  database: Reads,
  ids: readonly number[],
): Promise<PhotoSummary[]> {
  const photos = await database.photos.getMany(ids)
  const located = await locatePhotos(database, ids)
  const captions = await database.captions.ofPhotos(ids)
  return ids.flatMap((id) => {
    const photo = photos.get(id)
    const places = located.get(id)
    return photo && places ? [summarize(photo, places, captions)] : []
  })
}

/** @throws AppError PHOTO_NOT_FOUND */
export async function describePhoto(database: Reads, id: number): Promise<PhotoDetail> {
  const photo = await database.photos.get(id)
  if (!photo) throw new AppError('PHOTO_NOT_FOUND', { photo: String(id) })
  const places = (await locatePhotos(database, [id])).get(id) ?? []
  const captions = await database.captions.ofPhotos([id])
  const tags = await database.tags.ofPhotos([id])
  const { contentHash: _hash, createdAt: _createdAt, ...told } = photo
  return {
    ...told,
    ...summarize(photo, places, captions),
    files: await describeFiles(database, id, places),
    captions: captions.map(toWord),
    tags: tags.map(toWord),
    objects: await database.objects.ofPhoto(id, await database.settings.get('activeModelId')),
  }
}

function summarize(
  { id, takenAt, width, height }: Photo,
  places: readonly PhotoLocation[],
  captions: readonly PhotoWords[],
): PhotoSummary {
  const path = places[0]?.relativePath ?? ''
  return {
    id,
    name: path.slice(path.lastIndexOf('/') + 1),
    caption: captions.find((caption) => caption.photoId === id)?.text ?? null,
    takenAt,
    offline: places.every((place) => place.offline),
    width,
    height,
  }
}

async function describeFiles(
  database: Reads,
  id: number,
  places: readonly PhotoLocation[],
): Promise<PhotoDetail['files']> {
  const roots = new Map((await database.roots.list()).map((root) => [root.id, root.path]))
  const files = await database.files.ofPhotos([id])
  return files.map(({ rootId, relativePath, state }) => ({
    path: fromPortablePath(roots.get(rootId) ?? '', relativePath),
    state,
    offline: places.some(
      (one) => one.rootId === rootId && one.relativePath === relativePath && one.offline,
    ),
  }))
}

function toWord({ text, source }: PhotoWords): PhotoWord {
  return { text, source }
}
