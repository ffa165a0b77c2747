/** The job that draws tiles ahead of the first look, while nobody waits for others. */
import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import { isAppError } from '../../../shared/errors.js'
import { defineJobKind, type JobContext } from '../../jobs/jobKind.js'
import { decoderVersion } from '../../platform/images/imageLibrary.js'
import { mapBounded } from '../../platform/mapBounded.js'
import type { Database } from '../../storage/openDatabase.js'
import { type ThumbnailCache, thumbnailFolders } from './thumbnailCache.js'
import type { Thumbnails } from './thumbnails.js'

export const thumbnailJobKind = 'thumbnails'

/** One at a time leaves the cores to whoever looks, searches or indexes. */
const drawnAtOnce = 1

export interface ThumbnailJobDependencies {
  readonly database: Database
  readonly cache: ThumbnailCache
  readonly thumbnails: Thumbnails
  /** Waits for searches that are under way, which want the processor for themselves. */
  readonly makeWay: () => Promise<void>
}

export function createThumbnailJob(dependencies: ThumbnailJobDependencies) {
  return defineJobKind({
    lane: 'thumbnails',
    paramsSchema: z.object({}),
    run: (context) => drawMissing(dependencies, context),
  })
}

async function drawMissing(
  dependencies: ThumbnailJobDependencies,
  { signal, report }: JobContext<unknown>,
): Promise<{ drawn: number }> {
  const { database, thumbnails, makeWay } = dependencies
  const missing = await findMissing(dependencies, signal)
  const total = await database.photos.count()
  let done = total - missing.length
  let drawn = 0
  await mapBounded(missing, drawnAtOnce, async (id) => {
    signal.throwIfAborted()
    while (thumbnails.busy()) await delay(50, undefined, { signal })
    await makeWay()
    drawn += Number(await drawTile(database, thumbnails, id))
    report({ phase: 'drawing thumbnails', done: Math.min(total, ++done), total })
  })
  return { drawn }
}

/**
 * Ids of the photos without a tile, rising. Compared folder by folder: asking for each file of a
 * large library takes many times as long, and the names of all at once much memory.
 */
async function findMissing(
  { database, cache }: ThumbnailJobDependencies,
  signal: AbortSignal,
): Promise<number[]> {
  const missing: number[] = []
  for (const folder of thumbnailFolders) {
    signal.throwIfAborted()
    const kept = await cache.list(folder, 'tile')
    for (const photo of await database.thumbnailFailures.drawable(decoderVersion, folder)) {
      if (!kept.has(photo.contentHash)) missing.push(photo.id)
    }
  }
  return missing.sort((a, b) => a - b)
}

/** Whether it could be drawn; what cannot be read, or is away, stops nothing. */
async function drawTile(
  database: Database,
  thumbnails: Thumbnails,
  photoId: number,
): Promise<boolean> {
  const photo = await database.photos.get(photoId)
  if (!photo) return false
  try {
    await thumbnails.get(photo, 'tile')
    return true
  } catch (error) {
    if (isAppError(error, 'DISK_FULL') || !isAppError(error)) throw error
    return false
  }
}
