/** The models of a library: which there are, which is active, whether their files are whole. */
import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { ModelStatus } from '../../../shared/domain/library.js'
import { AppError } from '../../../shared/errors.js'
import { describeModels } from '../../library/libraryStatus.js'
import { type ModelDirectory, openModelDirectory } from '../../ml/clip/modelDirectory.js'
import type { Model } from '../../storage/repositories/models.js'
import type { LibraryOpener } from '../openLibrary.js'

/** A model that the library knows, with its files. */
export interface KnownModel {
  readonly row: Model
  readonly directory: ModelDirectory
}

export interface ModelsApi {
  list(): Promise<ModelStatus[]>
  /** Makes a model the active one, which search and index use; it is added if it is not known. */
  use(reference: string): Promise<ModelStatus>
  /** Compares every file with its recorded checksum. @throws MODEL_INVALID naming the file */
  verify(reference: string | null): Promise<{ path: string; id: string; files: number }>
  /**
   * Opens a model: a directory, or the id or name of one the library knows; the active one for null.
   *
   * @throws MODEL_NOT_FOUND, MODEL_INVALID
   */
  open(reference: string | null): Promise<ModelDirectory>
  /** Like `open`, and the library knows the model from now on. */
  register(reference: string | null): Promise<KnownModel>
}

export interface ModelsDependencies {
  readonly library: LibraryOpener
  readonly starterFolder: string
}

export function createModelsApi({ library, starterFolder }: ModelsDependencies): ModelsApi {
  async function add(directory: ModelDirectory): Promise<Model> {
    const { database } = await library.open()
    return database.models.save({
      uid: directory.id,
      path: directory.path,
      name: directory.name,
      kind: kindOf(directory, starterFolder),
      parentId: null,
      dim: directory.embeddingDim,
      addedAt: Date.now(),
    })
  }

  /** The active model's row; the starter until another one is chosen. */
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
    return (await findKnown(library, reference)).path
  }

  async function open(reference: string | null): Promise<ModelDirectory> {
    return openModelDirectory(await pathOf(reference))
  }

  return {
    open,

    async register(reference) {
      const directory = await open(reference)
      return { directory, row: await add(directory) }
    },

    async list() {
      const { database } = await library.open()
      await active()
      return describeModels(database)
    },

    async use(reference) {
      const { database } = await library.open()
      const row = await add(await open(reference))
      await database.settings.set('activeModelId', row.id)
      const models = await describeModels(database)
      return models.find((model) => model.id === row.uid)!
    },

    async verify(reference) {
      const directory = await openModelDirectory(await pathOf(reference), { verify: 'full' })
      return { path: directory.path, id: directory.id, files: directory.fileCount }
    },
  }
}

function kindOf(directory: ModelDirectory, starterFolder: string): Model['kind'] {
  if (directory.path === resolve(starterFolder)) return 'starter'
  return directory.manifest?.method ? 'tuned' : 'imported'
}

/** A known model by its id, the beginning of it, or its name; the newest of several of one name. */
async function findKnown(library: LibraryOpener, reference: string): Promise<Model> {
  const { database } = await library.open()
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
