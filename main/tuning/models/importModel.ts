/** Takes a model from a folder or an archive into the library, which then needs neither any more. */
import { existsSync } from 'node:fs'
import { readdir, rename, rm, stat } from 'node:fs/promises'
import { basename, extname, isAbsolute, join, relative, resolve } from 'node:path'
import { AppError, isAppError } from '../../../shared/errors.js'
import { sealDirectory } from '../../ml/clip/modelDirectory/sealDirectory.js'
import { sealFiles } from '../../ml/clip/modelDirectory/sealFiles.js'
import { type ModelDirectory, openModelDirectory } from '../../ml/clip/modelDirectory.js'
import { tryModel } from '../../ml/clip/tryModel.js'
import { unpackZip } from '../../platform/archives/unpackZip.js'
import {
  removeStaleTemporaries,
  replaceFolderAtomically,
  temporaryPathFor,
} from '../../platform/atomicFiles.js'
import { toFileError } from '../../platform/fileErrors.js'
import { copyModel } from './copyModel.js'
import { modelFiles } from './modelFiles.js'

/**
 * The model in a folder of its own below `models`, sealed: its files are compared with their seals
 * where it has some, and both encoders are run once.
 *
 * @param source a model directory, or a zip archive of one
 * @throws AppError FILE_NOT_FOUND, MODEL_INVALID, ONNX_INVALID, ARCHIVE_INVALID, DISK_SHORT
 */
export async function importModel(
  source: string,
  models: string,
  signal: AbortSignal,
): Promise<ModelDirectory> {
  const path = resolve(source)
  const own = join(models, '.import')
  await removeStaleTemporaries(own)
  // Of its own for each: a window may begin two.
  const staging = temporaryPathFor(own)
  try {
    const name = basename(path, extname(path) === '.zip' ? '.zip' : '')
    const folder = join(staging, 'model')
    if (await isArchive(path)) await takeFromArchive(path, staging, folder, signal)
    else await copyModel(await openModelDirectory(path, { signal }), folder, signal)
    const model = await seal(folder, name, signal)
    await tryModel(model)
    await replaceFolderAtomically(folder, join(models, model.id))
    return await openModelDirectory(join(models, model.id))
  } catch (error) {
    throw namedBySource(error, join(staging, 'model'), path)
  } finally {
    await rm(staging, { recursive: true, force: true })
  }
}

async function isArchive(path: string): Promise<boolean> {
  const found = await stat(path).catch((error: unknown) => {
    throw toFileError(error, path)
  })
  return found.isFile()
}

async function takeFromArchive(
  archive: string,
  staging: string,
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  const unpacked = join(staging, 'unpacked')
  await unpackZip(archive, unpacked, signal)
  await rename(await modelInside(unpacked), folder)
}

/** What was copied or unpacked is gone when the error is read: it names the source, and the file within it. */
function namedBySource(error: unknown, folder: string, source: string): unknown {
  if (!isAppError(error) || !('path' in error.data)) return error
  const within = relative(folder, error.data.path)
  if (within.startsWith('..') || isAbsolute(within)) return error
  const data = { ...error.data, path: join(source, within) }
  return new AppError(error.code, data, { cause: error })
}

/** Archives often hold one folder that holds everything. */
async function modelInside(folder: string): Promise<string> {
  if (existsSync(join(folder, 'config.json'))) return folder
  const entries = await readdir(folder, { withFileTypes: true })
  const [only, ...others] = entries.filter(
    (entry) => entry.isDirectory() && entry.name !== '__MACOSX',
  )
  return only !== undefined && others.length === 0 ? join(folder, only.name) : folder
}

async function seal(folder: string, name: string, signal: AbortSignal): Promise<ModelDirectory> {
  const model = await openModelDirectory(folder, { verify: 'full', signal })
  if (model.manifest !== null) return model
  const seals = await sealFiles(folder, await modelFiles(model), signal)
  const sha256 = Object.fromEntries(
    Object.entries(seals).map(([path, { sha256: digest }]) => [path, digest]),
  )
  return sealDirectory(folder, { name, licence: null, source: null, sha256 })
}
