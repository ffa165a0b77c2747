/** Opens a model directory: one of ours, or any CLIP-like export in the Hugging Face layout. */
import { existsSync } from 'node:fs'
import { basename, join, posix, resolve } from 'node:path'
import { AppError } from '../../../shared/errors.js'
import { restoreFolder } from '../../platform/atomicFiles.js'
import { listExternalFiles } from '../onnx/check/listExternalFiles.js'
import {
  configSchema,
  isSiglip,
  type ModelConfig,
  statedDims,
} from './modelDirectory/describeConfig.js'
import { checkSeals, sealFiles, sizeInside } from './modelDirectory/sealFiles.js'
import {
  type FileSeal,
  idOfFiles,
  isInnerPath,
  quantizedPaths,
  type SemblanceFile,
  semblanceFileName,
  semblanceFileSchema,
} from './modelDirectory/semblanceFile.js'
import { type PreprocessConfig, readPreprocessConfig } from './preprocessConfig.js'
import { readJson } from './readJson.js'

/** A model on disk, checked. */
export interface ModelDirectory {
  /** Absolute. */
  readonly path: string
  /** The same files always make the same id. */
  readonly id: string
  readonly name: string
  /** What semblance.json says; null for a model that was not made here. */
  readonly manifest: SemblanceFile | null
  /** Size and hash of each file, by its path inside the directory. */
  readonly files: Readonly<Record<string, FileSeal>>
  readonly fileCount: number
  readonly embeddingDim: number
  /** Width of the pooled feature before the projection, where the encoder gives it. */
  readonly imagePooledDim: number | null
  readonly textPooledDim: number | null
  readonly contextLength: number
  /** theta of training: logits are cosines times exp(logitScale). */
  readonly logitScale: number
  /** What training added to logits; null where its loss had no bias. */
  readonly logitBias: number | null
  readonly visionPath: string
  readonly textPath: string
  /** The encoders that search and indexing run; the same two unless 8-bit ones were found to do. */
  readonly searchPaths: { readonly vision: string; readonly text: string }
  readonly preprocess: PreprocessConfig
  readonly config: ModelConfig
  /** Whether texts are padded to the longest of a batch or always to `contextLength`. */
  readonly padTo: 'longest' | 'contextLength'
}

/** Training and evaluation take full precision; what search and indexing take, the model decides. */
export type EncoderPrecision = 'full' | 'search'

/** The file of a model's encoder. */
export function encoderPath(
  { visionPath, textPath, searchPaths }: ModelDirectory,
  tower: 'vision' | 'text',
  precision: EncoderPrecision,
): string {
  if (precision === 'search') return searchPaths[tower]
  return tower === 'vision' ? visionPath : textPath
}

/** Whether search runs 8-bit encoders, which lie beside those in full precision. */
export function isQuantized({ searchPaths, visionPath }: ModelDirectory): boolean {
  return searchPaths.vision !== visionPath
}

export interface OpenOptions {
  /** `quick` (the default) compares sizes, `full` reads every file and compares its hash. */
  readonly verify?: 'quick' | 'full'
  readonly signal?: AbortSignal
}

/** Where exports keep their encoders, best precision first. */
const encoderPaths = (tower: 'vision' | 'text') =>
  ['', '_fp16', '_quantized']
    .map((variant) => `${tower}_model${variant}.onnx`)
    .flatMap((name) => [`onnx/${name}`, name])

/** Files that every model has beside its encoders. */
const companionPaths = [
  'config.json',
  'preprocessor_config.json',
  'tokenizer.json',
  'tokenizer_config.json',
]

/**
 * @throws AppError FILE_NOT_FOUND if there is no such folder; MODEL_INVALID naming the file that is
 *   missing, altered, or does not fit
 */
export async function openModelDirectory(
  path: string,
  options: OpenOptions = {},
): Promise<ModelDirectory> {
  const folder = resolve(path)
  await restoreFolder(folder)
  if (!existsSync(folder)) throw new AppError('FILE_NOT_FOUND', { path: folder })
  const towers = { vision: findEncoder(folder, 'vision'), text: findEncoder(folder, 'text') }
  const needed = [...companionPaths, towers.vision, towers.text]
  for (const file of needed) await sizeInside(folder, file)
  const config = await readJson(join(folder, 'config.json'), configSchema)
  const preprocess = await readPreprocessConfig(folder)
  const manifest = await readManifest(folder, needed, preprocess, options)
  const files =
    manifest?.files ??
    (await sealFiles(folder, [...needed, ...weightsBeside(folder, towers)], options.signal))
  const { embeddingDim, contextLength, logitScale } = manifest ?? statedDims(config)
  return {
    path: folder,
    id: manifest?.id ?? idOfFiles(files),
    name: manifest?.name ?? basename(folder),
    manifest,
    files,
    fileCount: Object.keys(files).length,
    embeddingDim,
    imagePooledDim: manifest?.imagePooledDim ?? null,
    textPooledDim: manifest?.textPooledDim ?? null,
    contextLength,
    logitScale,
    logitBias: manifest?.logitBias ?? null,
    visionPath: join(folder, towers.vision),
    textPath: join(folder, towers.text),
    searchPaths: searchPathsOf(folder, towers, files),
    preprocess,
    config,
    padTo: isSiglip(config) ? 'contextLength' : 'longest',
  }
}

/**
 * Compares the hashes of what one encoder is made of, which has to be read anyway: an altered byte
 * would give embeddings that look right and mean something else. Of a model without semblance.json
 * these are the hashes from when it was opened.
 *
 * @throws AppError MODEL_INVALID naming the file that is missing or altered
 */
export async function checkEncoder(
  model: ModelDirectory,
  tower: 'vision' | 'text',
  precision: EncoderPrecision = 'full',
): Promise<void> {
  const { visionPath, textPath, searchPaths } = model
  const used = encoderPath(model, tower, precision)
  const others = [visionPath, textPath, searchPaths.vision, searchPaths.text]
  const files = Object.entries(model.files).filter(([file]) => {
    const path = join(model.path, file)
    return path === used || !others.includes(path)
  })
  await checkSeals(model.path, Object.fromEntries(files), 'hashes')
}

/**
 * The files decide, which make the model's id: embeddings of the two precisions are never taken for
 * one another's.
 */
function searchPathsOf(
  folder: string,
  towers: { readonly vision: string; readonly text: string },
  files: Readonly<Record<string, FileSeal>>,
): { vision: string; text: string } {
  const quantized = quantizedPaths.vision in files && quantizedPaths.text in files
  const { vision, text } = quantized ? quantizedPaths : towers
  return { vision: join(folder, vision), text: join(folder, text) }
}

/** Files in which the encoders keep weights: they are as much of the model as the graphs. */
function weightsBeside(folder: string, towers: { vision: string; text: string }): string[] {
  const files = Object.values(towers).flatMap((tower) =>
    listExternalFiles(join(folder, tower)).map((location) => {
      const inner = posix.normalize(location)
      if (isInnerPath(inner)) return posix.join(posix.dirname(tower), inner)
      const reason = `its weights should be in ${location}, which is outside the model directory`
      throw new AppError('MODEL_INVALID', { path: join(folder, tower), reason })
    }),
  )
  return [...new Set(files)]
}

/** semblance.json, compared with the files; null where there is none. */
async function readManifest(
  folder: string,
  needed: readonly string[],
  preprocess: PreprocessConfig,
  { verify = 'quick', signal }: OpenOptions,
): Promise<SemblanceFile | null> {
  const path = join(folder, semblanceFileName)
  if (!existsSync(path)) return null
  await sizeInside(folder, semblanceFileName)
  const manifest = await readJson(path, semblanceFileSchema)
  const unsealed = needed.find((file) => !(file in manifest.files))
  if (unsealed !== undefined) {
    throw new AppError('MODEL_INVALID', { path, reason: `files: ${unsealed} is not listed` })
  }
  await checkSeals(folder, manifest.files, verify, signal)
  if (idOfFiles(manifest.files) !== manifest.id) {
    throw new AppError('MODEL_INVALID', { path, reason: 'id: does not match the listed files' })
  }
  if (manifest.imageSize !== preprocess.width || manifest.imageSize !== preprocess.height) {
    const reason = 'imageSize: differs from the size in preprocessor_config.json'
    throw new AppError('MODEL_INVALID', { path, reason })
  }
  if (manifest.objects !== null && preprocess.resize.kind !== 'stretch') {
    const reason =
      'objects: boxes are told for whole pictures, but this model sees only their middle'
    throw new AppError('MODEL_INVALID', { path, reason })
  }
  return manifest
}

function findEncoder(folder: string, tower: 'vision' | 'text'): string {
  const paths = encoderPaths(tower)
  const found = paths.find((path) => existsSync(join(folder, path)))
  if (found !== undefined) return found
  const joint = ['onnx/model.onnx', 'model.onnx'].find((path) => existsSync(join(folder, path)))
  const reason = joint
    ? `the file is missing; ${joint} holds both encoders in one, export them apart`
    : 'the file is missing; copy or train the model again'
  throw new AppError('MODEL_INVALID', { path: join(folder, paths[0]!), reason })
}
