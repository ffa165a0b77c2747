/** Refuses ids of photos that the library does not hold. */
import { AppError } from '../../shared/errors.js'
import type { Repositories } from '../storage/repositories/index.js'

/** @throws AppError PHOTO_NOT_FOUND naming the first */
export async function requirePhotos(
  { photos }: Pick<Repositories, 'photos'>,
  ids: readonly number[],
): Promise<void> {
  const known = await photos.getMany(ids)
  const missing = ids.find((id) => !known.has(id))
  if (missing !== undefined) throw new AppError('PHOTO_NOT_FOUND', { photo: String(missing) })
}
