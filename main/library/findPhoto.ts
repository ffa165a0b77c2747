/** Finds a photo of the library by what the user calls it. */
import { realpath } from 'node:fs/promises'
import { resolve } from 'node:path'
import { AppError } from '../../shared/errors.js'
import { isInside, toPortablePath } from '../platform/paths.js'
import type { Database } from '../storage/openDatabase.js'

/** The id of the photo with this id or path. PHOTO_NOT_FOUND if the library has none. */
export async function findPhoto(database: Database, photo: string): Promise<number> {
  const found = (await idOfPath(database, resolve(photo))) ?? (await idOfNumber(database, photo))
  if (found === null) throw new AppError('PHOTO_NOT_FOUND', { photo })
  return found
}

async function idOfPath(database: Database, path: string): Promise<number | null> {
  // The file need not be there: its root may be offline.
  const real = await realpath(path).catch(() => path)
  for (const candidate of new Set([path, real])) {
    for (const root of await database.roots.list()) {
      if (!isInside(root.path, candidate)) continue
      const relativePath = toPortablePath(root.path, candidate)
      const files = await database.files.findMany(root.id, [relativePath])
      const photoId = files.get(relativePath)?.photoId ?? null
      if (photoId !== null) return photoId
    }
  }
  return null
}

async function idOfNumber(database: Database, text: string): Promise<number | null> {
  if (!/^\d{1,15}$/.test(text)) return null
  return (await database.photos.get(Number(text)))?.id ?? null
}
