/** Brings models into the library, and takes copies of them out. */
import type { CatalogueItem } from '../../../shared/domain/catalogue.js'
import type {
  ListedModel,
  ModelFacts,
  ModelMeasure,
  ModelSpace,
  ModelStatus,
} from '../../../shared/domain/library.js'
import type { ModelDirectory } from '../../ml/clip/modelDirectory.js'
import { catalogue } from '../../ml/hub/catalogue/table.js'
import { estimateMemory, estimateSize, estimateSpeed } from '../../ml/hub/estimates.js'
import { measureMachine } from '../../ml/runtime/measureMachine.js'
import { indexJobKind } from '../../search/indexing/indexJob.js'
import type { Database } from '../../storage/openDatabase.js'
import type { Model } from '../../storage/repositories/models.js'
import { adoptJobKind } from '../../tuning/adoptJob.js'
import {
  downloadJobKind,
  downloadJobParamsSchema,
  downloadJobResultSchema,
  requireSource,
} from '../../tuning/models/downloadJob.js'
import { exportModel } from '../../tuning/models/exportModel.js'
import { importModel } from '../../tuning/models/importModel.js'
import { keepModel } from '../../tuning/models/keepModel.js'
import { measureJobKind } from '../../tuning/models/measureJob.js'
import { modelsFolder } from '../../tuning/models/modelsFolder.js'
import { kindOfCopy, type ModelRegistry } from '../modelRegistry.js'
import type { LibraryOpener } from '../openLibrary.js'
import type { Preferences } from '../preferences.js'
import { type RunOptions, runJobToEnd } from '../runJobToEnd.js'
import { languagesOf } from './modelLanguages.js'
import { licenceOf } from './modelLicence.js'
import { finishRemovals, measureSpace, refuseRemoval, removeModel } from './removeModel.js'
import { adoptParams, switchIfSeen } from './switchModel.js'

export interface ModelStore {
  /** The models there are, each with what a person chooses by. */
  list(): Promise<ListedModel[]>
  /** What a person chooses a model by. */
  factsOf(row: Model): Promise<ModelFacts>
  /** What can be downloaded, with what is there of it. */
  catalogue(): Promise<CatalogueItem[]>
  /** Measures this machine for two seconds; `catalogue` then tells how fast each model will be. */
  measureMachine(): Promise<void>
  /** Queues a download, or lets one go on; the job's id. @throws MODEL_NOT_FOUND */
  enqueueDownload(entry: string): Promise<number>
  /** Downloads a model of the catalogue, or of any repository; its id. @throws as `downloadModel` */
  download(entry: string, run: RunOptions): Promise<string>
  /** Switches to a known model, or begins to; the job that will have done it, if that takes one. */
  use(row: Model): Promise<number | null>
  /**
   * Switches to the model of a folder, an id or a name, and waits until it has seen the photos; the
   * last few, if they are few, are left to the next indexing.
   */
  useNow(reference: string, run: RunOptions): Promise<ModelStatus>
  /** Queues the measuring of a model; the job's id. */
  enqueueMeasure(row: Model): Promise<number>
  /** Measures a model; see `ModelMeasure`. */
  measure(row: Model, run: RunOptions): Promise<ModelMeasure>
  /** What was measured of a model; null if nothing was. */
  measureOf(row: Model): Promise<ModelMeasure | null>
  /** Copies a model from a folder or an archive into the library. @throws as `importModel` */
  importFrom(path: string, signal: AbortSignal): Promise<ModelStatus>
  /** Copies a model to a new folder. @throws as `exportModel` */
  exportTo(reference: string, path: string, signal: AbortSignal): Promise<ModelDirectory>
  /** What removing a model would free. */
  space(row: Model): Promise<ModelSpace>
  /** Forgets a model with its embeddings; what that freed. @throws INVALID_ARGUMENT */
  remove(row: Model): Promise<ModelSpace>
  /** Ends the removals that a process that was killed had begun. */
  tidy(): Promise<void>
}

export interface ModelStoreDependencies {
  readonly library: LibraryOpener
  readonly registry: ModelRegistry
  readonly preferences: Preferences
  readonly onChange: () => void
}

const unfinished = ['queued', 'running', 'paused', 'failed']

export function createModelStore(dependencies: ModelStoreDependencies): ModelStore {
  const { library, registry, preferences, onChange } = dependencies
  const statusOf = async (uid: string) => (await registry.list()).find(({ id }) => id === uid)!
  const measureOf = async ({ uid }: Model) => {
    const { database } = await library.open()
    return (await database.settings.get('modelMeasures'))[uid] ?? null
  }
  const factsOf = async (row: Model) => {
    const { reads } = (await library.open()).database
    const languages = await languagesOf(reads, row)
    const licence = await licenceOf(reads, row)
    return { languages, licence, measure: await measureOf(row) }
  }
  const space = async (row: Model) => measureSpace(await library.open(), row)
  const paramsOf = (name: string) => {
    const { id, title } = requireSource(name)
    return { entry: id, name: title }
  }
  return {
    async list() {
      const { database } = await library.open()
      const listed: ListedModel[] = []
      for (const status of await registry.list()) {
        const row = await database.reads.models.byUid(status.id)
        if (row !== null) listed.push({ ...status, ...(await factsOf(row)) })
      }
      return listed
    },

    factsOf,

    async catalogue() {
      const { database } = await library.open()
      const gflops = await database.settings.get('machineGflops')
      const models = await registry.entries()
      const jobs = await downloadJobs(database)
      return catalogue.map((entry) => {
        const { files: _, ...facts } = entry
        return {
          ...facts,
          ...estimateSize(entry),
          memoryBytes: estimateMemory(entry),
          picturesPerSecond: gflops === null ? null : estimateSpeed(entry, gflops),
          model: models.get(entry.id) ?? null,
          job: jobs.get(entry.id) ?? null,
        }
      })
    },

    async measureMachine() {
      const { database } = await library.open()
      await database.settings.set('machineGflops', await measureMachine())
    },

    async enqueueDownload(entry) {
      const { runner, startJobs, database } = await library.open()
      const params = paramsOf(entry)
      const begun = (await downloadJobs(database)).get(params.entry)
      if (begun !== undefined) await runner.resume(begun)
      const { id } =
        begun === undefined ? await runner.enqueue(downloadJobKind, params) : { id: begun }
      void startJobs()
      return id
    },

    async download(entry, run) {
      const result = await runJobToEnd(await library.open(), downloadJobKind, paramsOf(entry), run)
      return downloadJobResultSchema.parse(result).model
    },

    async use(row) {
      const opened = await library.open()
      const { device } = await preferences.get()
      const { runner, startJobs } = opened
      const plan = await switchIfSeen(opened, row)
      if (plan === 'index behind') await runner.enqueue(indexJobKind, { model: row.uid, device })
      const first =
        plan === 'index first' ? await runner.enqueue(adoptJobKind, adoptParams(row, device)) : null
      void startJobs()
      onChange()
      return first?.id ?? null
    },

    async useNow(reference, run) {
      const opened = await library.open()
      const { row } = await registry.register(reference)
      const { device } = await preferences.get()
      if ((await switchIfSeen(opened, row)) === 'index first') {
        await runJobToEnd(opened, adoptJobKind, adoptParams(row, device), run)
      }
      return statusOf(row.uid)
    },

    async enqueueMeasure({ uid, name }) {
      const { runner, startJobs } = await library.open()
      const { id } = await runner.enqueue(measureJobKind, { model: uid, name })
      void startJobs()
      return id
    },

    async measure(row, run) {
      const params = { model: row.uid, name: row.name }
      await runJobToEnd(await library.open(), measureJobKind, params, run)
      return (await measureOf(row))!
    },

    measureOf,

    async importFrom(path, signal) {
      const { database } = await library.open()
      const model = await importModel(path, modelsFolder(database), signal)
      await keepModel(database, model, kindOfCopy(model))
      onChange()
      return statusOf(model.id)
    },

    async exportTo(reference, path, signal) {
      return exportModel(await registry.open(reference), path, signal)
    },

    space,

    async remove(row) {
      refuseRemoval(row, await registry.active())
      const freed = await space(row)
      await removeModel(await library.open(), row)
      onChange()
      return freed
    },

    async tidy() {
      await finishRemovals(await library.open())
    },
  }
}

/** The latest job of each entry that is not done. */
async function downloadJobs({ jobs }: Database): Promise<ReadonlyMap<string, number>> {
  const found = new Map<string, number>()
  const seen = new Set<string>()
  for (const { id, kind, state, params } of await jobs.list(1_000)) {
    const parsed = downloadJobParamsSchema.safeParse(params)
    if (kind !== downloadJobKind || !parsed.success || seen.has(parsed.data.entry)) continue
    seen.add(parsed.data.entry)
    if (unfinished.includes(state)) found.set(parsed.data.entry, id)
  }
  return found
}
