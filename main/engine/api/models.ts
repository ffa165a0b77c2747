/** The models of a library: which there are, which is active, what is known of each. */
import { join } from 'node:path'
import { z } from 'zod'
import { retrievalReportSchema } from '../../../shared/domain/training.js'
import { AppError, isAppError } from '../../../shared/errors.js'
import { isQuantized, openModelDirectory } from '../../ml/clip/modelDirectory.js'
import type { Model } from '../../storage/repositories/models.js'
import { precisionJobKind } from '../../tuning/precisionJob.js'
import type { Changes } from '../changes.js'
import type { Handles } from '../handles.js'
import type { ModelRegistry } from '../modelRegistry.js'
import type { ModelStore } from '../models/modelStore.js'
import type { LibraryOpener } from '../openLibrary.js'
import type { Preferences } from '../preferences.js'
import type { ApiOf } from '../router.js'

export interface ModelCallsDependencies {
  readonly library: LibraryOpener
  readonly registry: ModelRegistry
  readonly store: ModelStore
  readonly handles: Handles
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
  const { library, registry, store, handles, changes, preferences } = dependencies
  const statusOf = async (id: string) => (await registry.list()).find((model) => model.id === id)!
  return {
    list: () => store.list(),

    catalogue: () => store.catalogue(),

    async measureMachine() {
      await store.measureMachine()
      changes.emit({ type: 'models' })
    },

    async download({ entry }) {
      const job = await store.enqueueDownload(entry)
      changes.emit({ type: 'models' })
      return { job }
    },

    async describe({ id }) {
      const row = await registry.known(id)
      const model = await readModel(row.path)
      const manifest = model?.manifest ?? null
      const { database } = await library.open()
      const found = (await database.settings.get('precisions'))[id]
      const report = reportSchema.safeParse(manifest?.trainingReport)
      return {
        ...(await store.factsOf(row)),
        method: manifest?.method ?? null,
        precision: model && (isQuantized(model) ? 'int8' : 'float32'),
        search: manifest?.search ?? found?.search ?? null,
        variant: found?.variant ?? null,
        ...(report.success ? report.data : noReport),
        source: manifest?.source ?? null,
        space: await store.space(row),
      }
    },

    async use({ id }) {
      const row = await registry.known(id)
      await openUnchanged(row)
      const job = await store.use(row)
      return { ...(await statusOf(id)), job }
    },

    async measure({ id }) {
      const row = await registry.known(id)
      await openUnchanged(row)
      return { job: await store.enqueueMeasure(row) }
    },

    async importFrom({ source }) {
      return store.importFrom(handles.resolve(source), endless)
    },

    async exportTo({ id, folder }) {
      const { uid, name } = await registry.known(id)
      const target = join(handles.resolve(folder), nameForFolder(name))
      return { path: (await store.exportTo(uid, target, endless)).path }
    },

    async tryInt8({ id }) {
      const row = await registry.known(id)
      await openUnchanged(row)
      const { runner, startJobs } = await library.open()
      const { device } = await preferences.get()
      const job = await runner.enqueue(precisionJobKind, { model: id, name: row.name, device })
      void startJobs()
      return { job: job.id }
    },

    async verify({ id }) {
      const directory = await openUnchanged(await registry.known(id), 'full')
      return { files: directory.fileCount }
    },

    remove: async ({ id }) => store.remove(await registry.known(id)),
  }
}

/** These copies are made to their end, whoever asked for them. */
const endless = new AbortController().signal

/** A name that every system allows. */
function nameForFolder(name: string): string {
  return name.replace(/[^\p{L}\p{N}._ -]+/gu, '-').replace(/^[. ]+|[. ]+$/g, '') || 'model'
}

/** The model in a row's folder. @throws FILE_NOT_FOUND; MODEL_INVALID if it is another one by now */
async function openUnchanged({ uid, path }: Model, verify: 'quick' | 'full' = 'quick') {
  const directory = await openModelDirectory(path, { verify })
  if (directory.id === uid) return directory
  throw new AppError('MODEL_INVALID', { path, reason: 'it is another model than before' })
}

/** Null for a model that cannot be read now. */
async function readModel(path: string) {
  try {
    return await openModelDirectory(path)
  } catch (error) {
    if (isAppError(error)) return null
    throw error
  }
}
