/** Writes a copy of a model where a person wants it: a folder that works elsewhere as it is. */
import { rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import { requireFreeFolder } from '../../ml/clip/modelDirectory/writeModelDirectory.js'
import { type ModelDirectory, openModelDirectory } from '../../ml/clip/modelDirectory.js'
import { replaceFolderAtomically, temporaryPathFor } from '../../platform/atomicFiles.js'
import { copyModel } from './copyModel.js'

/**
 * Copies the model to `target`, whole or not at all.
 *
 * @throws AppError INVALID_ARGUMENT if the folder is not empty; MODEL_INVALID if the model is damaged
 */
export async function exportModel(
  model: ModelDirectory,
  target: string,
  signal: AbortSignal,
): Promise<ModelDirectory> {
  const folder = resolve(target)
  await requireFreeFolder(folder)
  const temporary = temporaryPathFor(folder)
  try {
    await copyModel(model, temporary, signal)
    await openModelDirectory(temporary, { verify: 'full', signal })
    await replaceFolderAtomically(temporary, folder)
  } finally {
    await rm(temporary, { recursive: true, force: true })
  }
  return openModelDirectory(folder)
}
