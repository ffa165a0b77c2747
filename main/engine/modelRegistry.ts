/** Finds models by what people call them, paths included, and keeps track of the active one. */
import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { ModelStatus } from '../../shared/domain/library.js'
import { AppError } from '../../shared/errors.js'
import { describeModels } from '../library/describeModels.js'
import {
  isQuantized,
  type ModelDirectory,
  type OpenOptions,
  openModelDirectory,
} from '../ml/clip/modelDirectory.js'
import type { PrecisionChoice, WrittenPrecision } from '../ml/training/precision/writePrecision.js'
import type { Database } from '../storage/openDatabase.js'
import type { Model } from '../storage/repositories/models.js'
import { changePrecision } from '../tuning/changePrecision.js'
import { rememberPrecision } from '../tuning/choosePrecision.js'
import { keepModel } from '../tuning/models/keepModel.js'
import type { LibraryOpener } from './openLibrary.js'

/** A model that the library knows, with its files. */
export interface KnownModel {
  readonly row: Model
  readonly directory: ModelDirectory
}

/** A `reference` is a directory, or the id or name of a model that the library knows; null is the active one. */
export interface ModelRegistry {
  /** @throws MODEL_NOT_FOUND, MODEL_INVALID, FILE_NOT_FOUND */
  open(reference: string | null, options?: OpenOptions): Promise<ModelDirectory>
  /** Like `open`, and the library knows the model from now on; every file of a new place is checked. */
  register(reference: string | null): Promise<KnownModel>
  /** The row of the active model; the starter until another one is chosen. */
  active(): Promise<Model>
  /** The row of the one that ships, which finds things in photos for models that do not. */
  starter(): Promise<Model>
  /** A known model by its id, the beginning of it, or its name; its folder may be away. @throws MODEL_NOT_FOUND */
  find(reference: string): Promise<{ readonly row: Model }>
  /** The row of a known model by its id. @throws MODEL_NOT_FOUND */
  known(id: string): Promise<Model>
  list(): Promise<ModelStatus[]>
  /** By the catalogue's id, the id of the model that was downloaded for it and is there. */
  entries(): Promise<ReadonlyMap<string, string>>
  /**
   * What precision a model searches in; with a choice, the library then knows a model of that
   * precision, which is not made the active one by this.
   *
   * @throws as `writePrecision`
   */
  precision(
    reference: string,
    choice: PrecisionChoice | null,
    signal: AbortSignal,
  ): Promise<PrecisionReport>
  /** Compares every file with its recorded checksum. @throws MODEL_INVALID naming the file */
  verify(reference: string | null): Promise<{ path: string; id: string; files: number }>
}

/** A model's precision in search, what was measured, and whether it is a model that was made just now. */
export interface PrecisionReport extends Omit<WrittenPrecision, 'model'> {
  readonly name: string
  readonly id: string
  readonly path: string
  readonly isNew: boolean
}

export interface ModelRegistryDependencies {
  readonly library: LibraryOpener
  readonly starterFolder: string
}

export function createModelRegistry(dependencies: ModelRegistryDependencies): ModelRegistry {
  const { library, starterFolder } = dependencies

  async function add(directory: ModelDirectory): Promise<Model> {
    const { database } = await library.open()
    const { path, name } = directory
    const known = await database.reads.models.byUid(directory.id)
    // Each search asks for its model: writing would wait for whoever else writes.
    if (known?.path === path && known.name === name && known.removedAt === null) return known
    return keepModel(database, directory, kindOf(directory, starterFolder))
  }

  async function active(): Promise<Model> {
    const { database } = await library.open()
    const { settings, models } = database.reads
    const activeId = await settings.get('activeModelId')
    const chosen = activeId === null ? null : await models.get(activeId)
    if (chosen !== null && chosen.removedAt === null) return chosen
    const row = await starter()
    await database.settings.set('activeModelId', row.id)
    return row
  }

  const starter = async (): Promise<Model> => add(await openModelDirectory(starterFolder))

  async function open(reference: string | null, options: OpenOptions = {}) {
    if (reference !== null && (await isFolder(reference))) {
      return openModelDirectory(resolve(reference), options)
    }
    const known =
      reference === null
        ? await active()
        : await findKnown((await library.open()).database, reference)
    const directory = await openModelDirectory(known.path, options)
    // The one that ships is another one after an update.
    if (directory.id === known.uid || known.kind === 'starter') return directory
    const reason = `its files are not those of the model ${known.uid} that the library knows; put these back, or take the folder for a model of its own with "semblance models use <folder>"`
    throw new AppError('MODEL_INVALID', { path: known.path, reason })
  }

  async function register(reference: string | null): Promise<KnownModel> {
    const directory = await open(reference)
    const known = await (await library.open()).database.reads.models.byUid(directory.id)
    if (known?.path === directory.path) return { directory, row: await add(directory) }
    // What is known of a model is given to a copy of it only if that is whole.
    await openModelDirectory(directory.path, { verify: 'full' })
    // Of two whole copies the one known stays: the other may be on a disk that goes away.
    const before =
      known === null || known.removedAt !== null
        ? null
        : await openModelDirectory(known.path).catch(() => null)
    if (before !== null && before.id === known?.uid) return { directory: before, row: known }
    return { directory, row: await add(directory) }
  }

  async function list(): Promise<ModelStatus[]> {
    await active()
    return describeModels((await library.open()).database)
  }

  return {
    open,
    active,
    starter,
    register,
    list,
    find: async (reference) => ({
      row: await findKnown((await library.open()).database, reference),
    }),
    async entries() {
      const { database } = await library.open()
      const found = new Map<string, string>()
      for (const { uid, path, kind } of await database.models.list()) {
        if (kind !== 'downloaded') continue
        const directory = await openModelDirectory(path).catch(() => null)
        const source = directory?.manifest?.source ?? null
        if (source !== null && !found.has(source.entry)) found.set(source.entry, uid)
      }
      return found
    },
    async precision(reference, choice, signal) {
      const before = await open(reference)
      const written =
        choice === null
          ? describePrecision(before)
          : await changePrecision((await library.open()).database, before, { choice, signal })
      const { model, ...report } = written
      const isNew = model.id !== before.id
      const { database } = await library.open()
      if (isNew) await add(model)
      if (choice === 'float32' && !isNew) {
        await rememberPrecision(database, model.id, { search: null, variant: null })
      }
      return { ...report, name: model.name, id: model.id, path: model.path, isNew }
    },
    async verify(reference) {
      const { path, id, fileCount: files } = await open(reference, { verify: 'full' })
      return { path, id, files }
    },
    async known(id) {
      const row = await (await library.open()).database.models.byUid(id)
      if (row !== null && row.removedAt === null) return row
      throw new AppError('MODEL_NOT_FOUND', { model: id })
    },
  }
}

function describePrecision(model: ModelDirectory): WrittenPrecision {
  const precision = isQuantized(model) ? 'int8' : 'float32'
  const { search = null } = model.manifest ?? {}
  return { model, precision, measured: search, reason: search?.reason ?? null }
}

function kindOf(directory: ModelDirectory, starterFolder: string): Model['kind'] {
  if (directory.path === resolve(starterFolder)) return 'starter'
  return kindOfCopy(directory)
}

/** The kind of a model that did not come with the program. */
export function kindOfCopy({ manifest }: ModelDirectory): Exclude<Model['kind'], 'starter'> {
  const { method = null, source = null } = manifest ?? {}
  if (method !== null) return 'tuned'
  return source === null ? 'imported' : 'downloaded'
}

/** A known model by its id, the beginning of it, or its name; the newest of several of one name. */
async function findKnown(database: Database, reference: string): Promise<Model> {
  const models = await database.models.list()
  const found =
    models.find((model) => model.uid === reference) ??
    models.findLast((model) => model.name === reference) ??
    onlyOne(models.filter((model) => reference.length >= 4 && model.uid.startsWith(reference)))
  if (found === undefined) throw new AppError('MODEL_NOT_FOUND', { model: reference })
  return found
}

function onlyOne<T>(items: readonly T[]): T | undefined {
  return items.length === 1 ? items[0] : undefined
}

async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => null)
  return found?.isDirectory() ?? false
}
