/** What follows from what: new photos are indexed and drawn, wherever they came from. */
import { sampleJobKind } from '../library/sampleJob.js'
import { scanJobKind } from '../library/scan/scanJob.js'
import { thumbnailJobKind } from '../library/thumbnails/thumbnailJob.js'
import { readCard } from '../ml/clip/modelDirectory/readCard.js'
import { discardDownload } from '../ml/hub/downloadModel.js'
import { decoderVersion } from '../platform/images/imageLibrary.js'
import { findsObjects } from '../search/indexing/findsObjects.js'
import { indexJobKind } from '../search/indexing/indexJob.js'
import type { QueueOptions } from '../storage/repositories/encodingQueue.js'
import type { Model } from '../storage/repositories/models.js'
import { downloadJobKind, downloadJobParamsSchema } from '../tuning/models/downloadJob.js'
import { modelsFolder } from '../tuning/models/modelsFolder.js'
import type { Changes } from './changes.js'
import type { ModelRegistry } from './modelRegistry.js'
import type { LibraryOpener, OpenLibrary } from './openLibrary.js'
import type { Preferences } from './preferences.js'

export interface FollowUpDependencies {
  readonly library: LibraryOpener
  readonly changes: Changes
  readonly models: ModelRegistry
  readonly preferences: Preferences
  readonly onError: (error: unknown) => void
}

/** Follows jobs from now on. */
export function followJobs(options: FollowUpDependencies): void {
  options.changes.on((change) => {
    if (change.type !== 'job') return
    const { kind, state, id } = change.job
    if (state === 'queued' || state === 'running') return
    // Folders are being read no more, which is seen only now that the job has ended.
    if (kind === scanJobKind) options.changes.emit({ type: 'library' })
    if (state === 'completed') after(kind, options).catch(options.onError)
    if (state === 'cancelled' && kind === downloadJobKind) {
      discardOf(id, options).catch(options.onError)
    }
  })
}

async function after(kind: string, options: FollowUpDependencies): Promise<void> {
  const opened = await options.library.open()
  if (kind === sampleJobKind) await opened.runner.enqueue(scanJobKind, { rootId: null })
  if (kind === scanJobKind) await enqueueMissing(opened, options)
}

/** What is there of a download that was given up while it did not run. */
async function discardOf(id: number, { library, changes }: FollowUpDependencies): Promise<void> {
  const { database } = await library.open()
  const job = await database.jobs.get(id)
  const params = downloadJobParamsSchema.safeParse(job?.params)
  if (params.success) await discardDownload(modelsFolder(database), params.data.entry)
  changes.emit({ type: 'models' })
}

/**
 * Indexes and draws what has not been, unless somebody has paused just that, or it was seen to since
 * then (milliseconds since 1970; never if not given: a job that ends just now may not have seen what
 * a scan has found). What waits already is not doubled.
 */
export async function enqueueMissing(
  { database, runner }: OpenLibrary,
  { models, preferences }: Pick<FollowUpDependencies, 'models' | 'preferences'>,
  since = Number.MAX_SAFE_INTEGER,
): Promise<void> {
  if (!(await database.photos.any())) return
  const { device } = await preferences.get()
  const enqueueIndexing = async (
    { id, uid }: Model,
    objects: NonNullable<QueueOptions['objects']>,
  ) => {
    if ((await database.encodingQueue.count(id, decoderVersion, { objects })) === 0) return
    const params = { model: uid, device, ...(objects === 'only' ? { only: 'objects' } : {}) }
    await runner.enqueueUnlessHeldBack(indexJobKind, params, since)
  }
  const model = await models.active()
  const wanted = await findsObjects(database)
  const objects = wanted && (await tellsObjects(model))
  await enqueueIndexing(model, objects)
  if (wanted && !objects) {
    const starter = await models.starter()
    if (await tellsObjects(starter)) await enqueueIndexing(starter, 'only')
  }
  await runner.enqueueUnlessHeldBack(thumbnailJobKind, {}, since)
}

/** Whether a model finds things in the photos that it makes embeddings of. */
async function tellsObjects({ path }: Model): Promise<boolean> {
  return (await readCard(path))?.objects != null
}
