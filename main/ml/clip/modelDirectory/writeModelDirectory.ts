/** Writes a model directory in one go; once there, it never changes. */
import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { AppError, isAppError } from '../../../../shared/errors.js'
import {
  removeStaleTemporaries,
  replaceFolderAtomically,
  restoreFolder,
  temporaryPathFor,
  writeFileAtomically,
} from '../../../platform/atomicFiles.js'
import { systemErrorCode, toFileError } from '../../../platform/fileErrors.js'
import type { Graph } from '../../onnx/graph.js'
import { writeModelFile } from '../../onnx/writeModelFile.js'
import { type ModelDirectory, openModelDirectory } from '../modelDirectory.js'
import type { TokenizerFiles } from '../tokenizer/tokenizerFiles.js'
import { sealFiles } from './sealFiles.js'
import {
  idOfFiles,
  quantizedPaths,
  type SemblanceFileInput,
  semblanceFileName,
} from './semblanceFile.js'

/** The text of each JSON file of a model, by its name. */
export type CompanionFiles = Readonly<Record<string, string>>

/** What semblance.json says beyond the files themselves. */
export type ModelCard = Omit<SemblanceFileInput, 'formatVersion' | 'id' | 'files'>

export interface ModelParts {
  /** `pixel_values` [batch, 3, height, width] -> `image_embeds`, and `pooler_output` if there is one. */
  readonly vision: Graph
  /** `input_ids`, `attention_mask` [batch, sequence] -> `text_embeds`, `pooler_output`. */
  readonly text: Graph
  /** The encoders with 8-bit weights, if search is to use these. */
  readonly quantized?: { readonly vision: Graph; readonly text: Graph }
  readonly companions: CompanionFiles
  readonly card: ModelCard
}

/** The companions of a model that is made here from scratch; parsed contents in, texts out. */
export function describeCompanions(parts: {
  readonly config: Readonly<Record<string, unknown>>
  readonly preprocessing: Readonly<Record<string, unknown>>
  readonly tokenizer: TokenizerFiles
}): CompanionFiles {
  return {
    'config.json': toJson(parts.config),
    'preprocessor_config.json': toJson(parts.preprocessing),
    'tokenizer.json': `${JSON.stringify(parts.tokenizer.tokenizer)}\n`,
    'tokenizer_config.json': toJson(parts.tokenizer.tokenizerConfig),
    'special_tokens_map.json': toJson(parts.tokenizer.specialTokensMap),
  }
}

/** The companions of an existing model, for one that is tuned from it. */
export async function readCompanions({ path, files }: ModelDirectory): Promise<CompanionFiles> {
  const names = Object.keys(files).filter((name) => /^[^/]+\.json$/.test(name))
  const texts = names.map(async (name) => [name, await readFile(join(path, name), 'utf8')] as const)
  return Object.fromEntries(await Promise.all(texts))
}

/**
 * Writes the model beside `target`, then renames it there: a crash leaves no half model.
 *
 * Writing the same model again, as after a crash, changes nothing. Any other folder that holds
 * something is left alone.
 *
 * @throws AppError INVALID_ARGUMENT if `target` is taken, DISK_FULL, FILE_UNREADABLE
 */
export async function writeModelDirectory(
  target: string,
  parts: ModelParts,
): Promise<ModelDirectory> {
  const folder = resolve(target)
  await restoreFolder(folder)
  await mkdir(dirname(folder), { recursive: true }).catch((error: unknown) => {
    throw toFileError(error, folder)
  })
  await removeStaleTemporaries(folder)
  const temporary = temporaryPathFor(folder)
  try {
    const id = await writeParts(temporary, parts)
    if (!(await holdsModel(folder, id))) {
      await requireFreeFolder(folder)
      await replaceFolderAtomically(temporary, folder)
    }
  } catch (error) {
    throw isAppError(error) ? error : toFileError(error, folder)
  } finally {
    await rm(temporary, { recursive: true, force: true })
  }
  return openModelDirectory(folder)
}

/**
 * Checks early that a model may be written to `target`: the folder is missing or empty.
 *
 * @throws AppError INVALID_ARGUMENT if it is not
 */
export async function requireFreeFolder(target: string): Promise<void> {
  const entries = await readdir(target).catch((error: unknown) => {
    if (systemErrorCode(error) === 'ENOENT') return []
    throw toFileError(error, target)
  })
  if (entries.length === 0) return
  const problem = 'this folder is not empty, and a model is never overwritten; choose another one'
  throw new AppError('INVALID_ARGUMENT', { argument: target, problem })
}

/** Writes all files into `folder`; returns the model's id. */
async function writeParts(folder: string, parts: ModelParts): Promise<string> {
  await mkdir(join(folder, 'onnx'), { recursive: true })
  for (const [name, text] of Object.entries(parts.companions)) {
    await writeFileAtomically(join(folder, name), text)
  }
  await writeModelFile(join(folder, 'onnx/vision_model.onnx'), parts.vision)
  await writeModelFile(join(folder, 'onnx/text_model.onnx'), parts.text)
  if (parts.quantized) {
    await writeModelFile(join(folder, quantizedPaths.vision), parts.quantized.vision)
    await writeModelFile(join(folder, quantizedPaths.text), parts.quantized.text)
  }
  const models = (await readdir(join(folder, 'onnx'))).map((name) => `onnx/${name}`)
  const files = await sealFiles(folder, [...Object.keys(parts.companions), ...models])
  const id = idOfFiles(files)
  const card: SemblanceFileInput = { formatVersion: 1, id, ...parts.card, files }
  await writeFileAtomically(join(folder, semblanceFileName), toJson(card))
  return id
}

async function holdsModel(folder: string, id: string): Promise<boolean> {
  const model = await openModelDirectory(folder, { verify: 'full' }).catch(() => null)
  return model?.id === id
}

function toJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
