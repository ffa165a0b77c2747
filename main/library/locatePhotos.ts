/** Tells where photos can be opened now. */
import type { Reads } from '../storage/openDatabase.js'
import type { PhotoLocation } from '../storage/repositories/photos.js'
import { reachRoot } from './roots/reachRoot.js'

/**
 * Where each photo stands, paths that can be reached now first: a disk may have been connected or
 * taken away since the last scan. A photo that stands nowhere any more is left out.
 */
export async function locatePhotos(
  { photos }: Pick<Reads, 'photos'>,
  photoIds: readonly number[],
): Promise<Map<number, PhotoLocation[]>> {
  const located = await photos.locate(photoIds)
  const rootPaths = new Set([...located.values()].flat().map(({ rootPath }) => rootPath))
  const reached = new Map<string, boolean>()
  for (const path of rootPaths) reached.set(path, (await reachRoot(path, true)) !== null)
  for (const [photoId, places] of located) {
    const now = places.map((place) => ({ ...place, offline: !reached.get(place.rootPath) }))
    located.set(
      photoId,
      now.sort((a, b) => Number(a.offline) - Number(b.offline)),
    )
  }
  return located
}
