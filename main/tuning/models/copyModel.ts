/** Copies a model's files, and nothing else that may lie beside them. */
import { copyFile, mkdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { ModelDirectory } from '../../ml/clip/modelDirectory.js'
import { requireRoom } from '../../platform/diskSpace.js'
import { toFileError } from '../../platform/fileErrors.js'
import { modelFiles } from './modelFiles.js'

const semblanceFile = 'semblance.json'

/** Copies into `target`, which is made. @throws AppError DISK_SHORT, DISK_FULL, FILE_UNREADABLE */
export async function copyModel(
  model: ModelDirectory,
  target: string,
  signal: AbortSignal,
): Promise<void> {
  const paths = await modelFiles(model)
  if (model.manifest !== null) paths.push(semblanceFile)
  await mkdir(target, { recursive: true }).catch(rethrow(target))
  await requireRoom(target, await totalSize(model.path, paths))
  for (const path of paths) {
    signal.throwIfAborted()
    const to = join(target, path)
    await mkdir(dirname(to), { recursive: true }).catch(rethrow(to))
    await copyFile(join(model.path, path), to).catch(rethrow(to))
  }
}

async function totalSize(folder: string, paths: readonly string[]): Promise<number> {
  let bytes = 0
  for (const path of paths) bytes += (await stat(join(folder, path)).catch(rethrow(path))).size
  return bytes
}

function rethrow(path: string): (error: unknown) => never {
  return (error) => {
    throw toFileError(error, path)
  }
}
