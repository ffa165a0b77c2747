/** The folders and photos of a library. */
import { resolve } from 'node:path'
import type { LibraryStatus } from '../../../shared/domain/library.js'
import { AppError } from '../../../shared/errors.js'
import { libraryStatus } from '../../library/libraryStatus.js'
import { addRoot } from '../../library/roots/addRoot.js'
import { scanJobKind } from '../../library/scan/scanJob.js'
import { decoderVersion } from '../../platform/images/imageLibrary.js'
import {
  type IndexJobResult,
  indexJobKind,
  indexJobResultSchema,
} from '../../search/indexing/indexJob.js'
import type { Database } from '../../storage/openDatabase.js'
import type { EncoderCache } from '../encoderCache.js'
import { libraryUid } from '../libraryUid.js'
import type { ModelRegistry } from '../modelRegistry.js'
import type { LibraryOpener } from '../openLibrary.js'
import { type RunOptions, runJobToEnd } from '../runJobToEnd.js'

export interface AddReport {
  /** Photos in the library now. */
  readonly photos: number
  /** Of them, those that were not there before. */
  readonly added: number
  /** Files that could not be read. */
  readonly failed: number
}

export interface IndexRequest {
  /** The active model if not given. */
  readonly model?: string | undefined
  readonly device: 'cpu' | 'webgpu' | 'auto'
}

export interface LibraryApi {
  /** Adds folders and scans them. @throws FILE_NOT_FOUND, NO_PICTURES, LIBRARY_LOCKED, DISK_FULL */
  addFolders(paths: readonly string[], run: RunOptions): Promise<AddReport>
  /** Gives every photo its embedding by a model. @throws LIBRARY_EMPTY, MODEL_INVALID */
  index(request: IndexRequest, run: RunOptions): Promise<IndexJobResult>
  status(): Promise<LibraryStatus>
}

export interface LibraryDependencies {
  readonly library: LibraryOpener
  readonly models: ModelRegistry
  readonly encoders: Pick<EncoderCache, 'device'>
}

export function createLibraryApi({ library, models, encoders }: LibraryDependencies): LibraryApi {
  return {
    async addFolders(paths, run) {
      const opened = await library.open()
      const { database } = opened
      const before = await database.photos.count()
      for (const path of paths) {
        const { root } = await addRoot(database, resolve(path), Date.now())
        await runJobToEnd(opened, scanJobKind, { rootId: root.id }, run)
        if (await isBare(database, root.id)) throw new AppError('NO_PICTURES', { path })
      }
      const photos = await database.photos.count()
      const failed = (await database.files.countByState())
        .filter(({ state }) => state === 'failed')
        .reduce((sum, { count }) => sum + count, 0)
      return { photos, added: photos - before, failed }
    },

    async index({ model, device }, run) {
      const opened = await library.open()
      if ((await opened.database.photos.count()) === 0) {
        throw new AppError('LIBRARY_EMPTY', { path: opened.database.folder })
      }
      const { row } = await models.register(model ?? null)
      const params = { model: row.uid, device }
      return indexJobResultSchema.parse(await runJobToEnd(opened, indexJobKind, params, run))
    },

    async status() {
      const { database } = await library.open()
      // Makes sure that one model is active, so that its work to do is counted.
      await models.list()
      const status = await libraryStatus(database, await libraryUid(database), decoderVersion)
      return { ...status, device: await encoders.device() }
    },
  }
}

/** Whether nothing that looks like a picture was found under a root. */
async function isBare(database: Database, rootId: number): Promise<boolean> {
  const counts = await database.files.countByState()
  return !counts.some((row) => row.rootId === rootId && row.count > 0)
}
