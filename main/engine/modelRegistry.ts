/** Finds models by what people call them, paths included, and keeps track of the active one. */
import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { ModelStatus } from '../../shared/domain/library.js'
import { AppError } from '../../shared/errors.js'
import { describeModels } from '../library/describeModels.js'
import {
  type ModelDirectory,
  type OpenOptions,
  openModelDirectory,
} from '../ml/clip/modelDirectory.js'
import type { Database } from '../storage/openDatabase.js'
import type { Model } from '../storage/repositories/models.js'
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
  /** The row of a known model by its id. @throws MODEL_NOT_FOUND */
  known(id: string): Promise<Model>
  list(): Promise<ModelStatus[]>
  /** Makes a model the active one; what it has not seen is not indexed by this. */
  use(reference: string): Promise<ModelStatus>
  /** Compares every file with its recorded checksum. @throws MODEL_INVALID naming the file */
  verify(reference: string | null): Promise<{ path: string; id: string; files: number }>
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
    const known = await database.models.byUid(directory.id)
    // Each search asks for its model: writing would wait for whoever else writes.
    if (known?.path === path && known.name === name && known.removedAt === null) return known
    const parent = directory.manifest?.parent ?? null
    return database.models.save({
      uid: directory.id,
      path,
      name,
      kind: kindOf(directory, starterFolder),
      parentId: parent === null ? null : ((await database.models.byUid(parent))?.id ?? null),
      dim: directory.embeddingDim,
      addedAt: Date.now(),
    })
  }

  async function active(): Promise<Model> {
    const { database } = await library.open()
    const activeId = await database.settings.get('activeModelId')
    const chosen = activeId === null ? null : await database.models.get(activeId)
    if (chosen !== null && chosen.removedAt === null) return chosen
    const starter = await add(await openModelDirectory(starterFolder))
    await database.settings.set('activeModelId', starter.id)
    return starter
  }

  async function pathOf(reference: string | null): Promise<string> {
    if (reference === null) return (await active()).path
    if (await isFolder(reference)) return resolve(reference)
    return (await findKnown((await library.open()).database, reference)).path
  }

  async function open(reference: string | null, options: OpenOptions = {}) {
    return openModelDirectory(await pathOf(reference), options)
  }

  async function register(reference: string | null): Promise<KnownModel> {
    const directory = await open(reference)
    const known = await (await library.open()).database.models.byUid(directory.id)
    // What is known of a model is moved to a copy of it only if that is whole.
    if (known?.path !== directory.path) await openModelDirectory(directory.path, { verify: 'full' })
    return { directory, row: await add(directory) }
  }

  async function list(): Promise<ModelStatus[]> {
    await active()
    return describeModels((await library.open()).database)
  }

  return {
    open,
    active,
    register,
    list,
    async use(reference) {
      const { row } = await register(reference)
      await (await library.open()).database.settings.set('activeModelId', row.id)
      return (await list()).find((model) => model.id === row.uid)!
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

function kindOf(directory: ModelDirectory, starterFolder: string): Model['kind'] {
  if (directory.path === resolve(starterFolder)) return 'starter'
  return directory.manifest?.method ? 'tuned' : 'imported'
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
