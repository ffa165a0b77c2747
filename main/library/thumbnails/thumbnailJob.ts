/** The job that draws tiles ahead of the first look, while nobody waits for others. */
import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import { isAppError } from '../../../shared/errors.js'
import { defineJobKind, type JobContext } from '../../jobs/jobKind.js'
import { decoderVersion } from '../../platform/images/imageLibrary.js'
import { mapBounded } from '../../platform/mapBounded.js'
import type { Database } from '../../storage/openDatabase.js'
import type { ThumbnailCache } from './thumbnailCache.js'
import type { Thumbnails } from './thumbnails.js'

export const thumbnailJobKind = 'thumbnails'

const photosPerPage = 1_000
/** One at a time leaves the cores to whoever looks, searches or indexes. */
const drawnAtOnce = 1
const checkpointSchema = z.object({ after: z.number().int() }).nullable()

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
  { database, cache, thumbnails, makeWay }: ThumbnailJobDependencies,
  { checkpoint, signal, report, save }: JobContext<unknown>,
): Promise<{ drawn: number }> {
  const total = await database.photos.count()
  let after = checkpointSchema.parse(checkpoint)?.after ?? 0
  let done = 0
  let drawn = 0
  // Looked up all at once: asking for each file of a large library takes many times as long.
  const kept = await cache.list('tile')
  for (;;) {
    const page = await database.thumbnailFailures.drawable(decoderVersion, after, photosPerPage)
    const last = page.at(-1)
    if (!last) return { drawn }
    const missing = page.filter(({ contentHash }) => !kept.has(contentHash))
    done += page.length - missing.length
    await mapBounded(missing, drawnAtOnce, async ({ id }) => {
      signal.throwIfAborted()
      while (thumbnails.busy()) await delay(50, undefined, { signal })
      await makeWay()
      drawn += Number(await drawTile(database, thumbnails, id))
      report({ phase: 'drawing thumbnails', done: Math.min(total, ++done), total })
    })
    report({ phase: 'drawing thumbnails', done: Math.min(total, done), total })
    after = last.id
    await save({ after })
  }
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
