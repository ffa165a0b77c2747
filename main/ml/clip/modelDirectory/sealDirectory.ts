/** Gives a folder in the Hugging Face layout its semblance.json, so that it cannot change unseen. */
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { writeFileAtomically } from '../../../platform/atomicFiles.js'
import { type ModelDirectory, openModelDirectory } from '../modelDirectory.js'
import {
  type FileSeal,
  idOfFiles,
  type SemblanceFile,
  type SemblanceFileInput,
  semblanceFileName,
} from './semblanceFile.js'

export interface SealOptions {
  readonly name: string
  readonly licence: string | null
  readonly source: SemblanceFile['source']
  /** Where config.json is silent or wrong; as it says if not given. */
  readonly dims?: { readonly embeddingDim: number; readonly contextLength: number }
  /** sha256 by path, of every file that belongs to the model. */
  readonly sha256: Readonly<Record<string, string>>
}

/** @throws AppError as `openModelDirectory` */
export async function sealDirectory(
  folder: string,
  { name, licence, source, dims, sha256 }: SealOptions,
): Promise<ModelDirectory> {
  const { embeddingDim, contextLength, logitScale, preprocess } = await openModelDirectory(folder)
  const files: Record<string, FileSeal> = {}
  for (const path of Object.keys(sha256).sort()) {
    const { size } = await stat(join(folder, path))
    files[path] = { sha256: sha256[path]!, sizeBytes: size }
  }
  const card: SemblanceFileInput = {
    formatVersion: 1,
    id: idOfFiles(files),
    name,
    parent: null,
    createdAt: new Date().toISOString(),
    files,
    ...{ embeddingDim, contextLength, ...dims },
    imagePooledDim: null,
    textPooledDim: null,
    imageSize: preprocess.width,
    licence,
    architecture: null,
    method: null,
    logitScale,
    trainingReport: null,
    source,
  }
  await writeFileAtomically(join(folder, semblanceFileName), `${JSON.stringify(card, null, 2)}\n`)
  return openModelDirectory(folder)
}
