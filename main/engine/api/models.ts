/** The models of a library: which there are, which is active, what is known of each. */
import { rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { retrievalReportSchema } from '../../../shared/domain/training.js'
import { AppError, isAppError } from '../../../shared/errors.js'
import { openModelDirectory } from '../../ml/clip/modelDirectory.js'
import { decoderVersion } from '../../platform/images/imageLibrary.js'
import { indexJobKind } from '../../search/indexing/indexJob.js'
import type { Model } from '../../storage/repositories/models.js'
import type { Changes } from '../changes.js'
import type { ModelRegistry } from '../modelRegistry.js'
import type { LibraryOpener, OpenLibrary } from '../openLibrary.js'
import type { Preferences } from '../preferences.js'
import type { ApiOf } from '../router.js'

export interface ModelCallsDependencies {
  readonly library: LibraryOpener
  readonly registry: ModelRegistry
  readonly changes: Changes
  readonly preferences: Preferences
}

/** What a model's training report says, of whichever kind it is. */
const reportSchema = z.object({
  pairs: z.number().int().nullable().catch(null),
  seconds: z.number().nullable().catch(null),
  heldOut: retrievalReportSchema.nullable().catch(null),
  before: retrievalReportSchema.nullable().catch(null),
})
const noReport = { pairs: null, seconds: null, heldOut: null, before: null }

export function createModelCalls(dependencies: ModelCallsDependencies): ApiOf<'models'> {
  const { library, registry, changes, preferences } = dependencies
  return {
    list: () => registry.list(),

    async describe({ id }) {
      const { path } = await registry.known(id)
      const manifest = await readManifest(path)
      const report = reportSchema.safeParse(manifest?.trainingReport)
      return {
        licence: manifest?.licence ?? null,
        method: manifest?.method ?? null,
        ...(report.success ? report.data : noReport),
      }
    },

    async use({ id }) {
      const row = await registry.known(id)
      await openUnchanged(row)
      const opened = await library.open()
      await opened.database.settings.set('activeModelId', row.id)
      if ((await opened.database.encodingQueue.count(row.id, decoderVersion)) > 0) {
        const { device } = await preferences.get()
        await opened.runner.enqueue(indexJobKind, { model: row.uid, device })
        void opened.startJobs()
      }
      changes.emit({ type: 'models' })
      return (await registry.list()).find((model) => model.id === id)!
    },

    async verify({ id }) {
      const directory = await openUnchanged(await registry.known(id), 'full')
      return { files: directory.fileCount }
    },

    async remove({ id }) {
      const row = await registry.known(id)
      refuseRemoval(row, await registry.active())
      const opened = await library.open()
      await endJobsOf(opened, row)
      await opened.database.models.markRemoved(row.id, Date.now())
      await opened.database.embeddings.deleteModel(row.id)
      if (row.kind === 'tuned' && dirname(row.path) === join(opened.database.folder, 'models')) {
        await rm(row.path, { recursive: true, force: true })
      }
      changes.emit({ type: 'models' })
    },
  }
}

/** The model in a row's folder. @throws FILE_NOT_FOUND; MODEL_INVALID if it is another one by now */
async function openUnchanged({ uid, path }: Model, verify: 'quick' | 'full' = 'quick') {
  const directory = await openModelDirectory(path, { verify })
  if (directory.id === uid) return directory
  throw new AppError('MODEL_INVALID', { path, reason: 'it is another model than before' })
}

/** What a model says of itself; null for one that says nothing, or cannot be read now. */
async function readManifest(path: string) {
  try {
    return (await openModelDirectory(path)).manifest
  } catch (error) {
    if (isAppError(error)) return null
    throw error
  }
}

function refuseRemoval(row: Model, active: Model): void {
  const problem =
    row.id === active.id
      ? 'it is in use; choose another model first'
      : row.kind === 'starter'
        ? 'it ships with the program and cannot be removed'
        : null
  if (problem !== null) throw new AppError('INVALID_ARGUMENT', { argument: row.name, problem })
}

/** Indexing on would bring back what is being deleted. */
async function endJobsOf({ database, runner }: OpenLibrary, { uid }: Model): Promise<void> {
  const params = z.object({ model: z.literal(uid) })
  for (const job of await database.jobs.list(1_000)) {
    const waiting = ['queued', 'running', 'paused'].includes(job.state)
    if (waiting && params.safeParse(job.params).success) await runner.cancel(job.id)
  }
}
