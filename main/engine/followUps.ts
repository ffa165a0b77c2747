/** What follows from what: new photos are indexed and drawn, wherever they came from. */

import { sampleJobKind } from '../library/sampleJob.js'
import { scanJobKind } from '../library/scan/scanJob.js'
import { thumbnailJobKind } from '../library/thumbnails/thumbnailJob.js'
import { decoderVersion } from '../platform/images/imageLibrary.js'
import { indexJobKind } from '../search/indexing/indexJob.js'
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
    const { kind, state } = change.job
    if (state === 'queued' || state === 'running') return
    // Folders are being read no more, which is seen only now that the job has ended.
    if (kind === scanJobKind) options.changes.emit({ type: 'library' })
    if (state === 'completed') after(kind, options).catch(options.onError)
  })
}

async function after(kind: string, options: FollowUpDependencies): Promise<void> {
  const opened = await options.library.open()
  if (kind === sampleJobKind) await opened.runner.enqueue(scanJobKind, { rootId: null })
  if (kind === scanJobKind) await enqueueMissing(opened, options)
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
  const model = await models.active()
  if ((await database.encodingQueue.count(model.id, decoderVersion)) > 0) {
    const { device } = await preferences.get()
    await runner.enqueueUnlessHeldBack(indexJobKind, { model: model.uid, device }, since)
  }
  await runner.enqueueUnlessHeldBack(thumbnailJobKind, {}, since)
}
