/** Writes a model anew with encoders of another precision for search; the old one stays as it is. */
import { basename } from 'node:path'
import type { PrecisionMeasure, SearchPrecision } from '../../../../shared/domain/precision.js'
import { AppError } from '../../../../shared/errors.js'
import {
  type ModelParts,
  readCompanions,
  requireFreeFolder,
  writeModelDirectory,
} from '../../clip/modelDirectory/writeModelDirectory.js'
import { isQuantized, type ModelDirectory } from '../../clip/modelDirectory.js'
import { readEncoderGraph } from '../../clip/readEncoderGraph.js'
import { judgeInt8, quantizeTowers } from './judgeInt8.js'
import type { MeasureOptions, PrecisionSamples } from './measurePrecision.js'

export type PrecisionChoice = SearchPrecision['precision'] | 'auto'

export interface WritePrecisionOptions extends MeasureOptions {
  readonly choice: PrecisionChoice
  readonly samples: PrecisionSamples
}

export interface WrittenPrecision {
  /** The model as written; the given one where it stays as it is. */
  readonly model: ModelDirectory
  readonly precision: SearchPrecision['precision']
  /** What was measured; null for full precision asked for by name. */
  readonly measured: PrecisionMeasure | null
  /** Why `auto` keeps full precision. */
  readonly reason: string | null
}

/**
 * Measures 8-bit encoders, and writes a model directory with them to `target` where they are asked
 * for or do as well. A model is never changed: one of another precision has other files, another id,
 * and embeddings of its own.
 *
 * @throws AppError INVALID_ARGUMENT if `target` is taken, or the encoders have no large weights;
 *   MODEL_INVALID, DISK_FULL, FILE_UNREADABLE
 */
export async function writePrecision(
  source: ModelDirectory,
  target: string,
  options: WritePrecisionOptions,
): Promise<WrittenPrecision> {
  const { choice } = options
  const parts = await readParts(source)
  if (choice === 'float32') {
    const model = isQuantized(source) ? await writeModelDirectory(target, parts) : source
    return { model, precision: choice, measured: null, reason: null }
  }
  await requireFreeFolder(target)
  const quantized = quantizeTowers(parts)
  if (quantized === null) {
    const problem = 'its encoders have no large matrices that 8 bits could make faster'
    throw new AppError('INVALID_ARGUMENT', { argument: source.path, problem })
  }
  const judged = await judgeInt8(target, { ...parts, quantized }, { ...options, choice })
  const { precision, reason, ...measured } = judged.card.search
  const model = precision === 'int8' ? await writeModelDirectory(target, judged) : source
  return { model, precision, measured, reason }
}

/** All that the model is made of, in full precision. */
async function readParts(source: ModelDirectory): Promise<ModelParts> {
  const { manifest, preprocess, embeddingDim, imagePooledDim, textPooledDim } = source
  const { contextLength, logitScale, logitBias } = source
  return {
    vision: await readEncoderGraph(source.visionPath, source),
    text: await readEncoderGraph(source.textPath, source),
    companions: await readCompanions(source),
    card: {
      name: manifest?.name ?? basename(source.path),
      parent: source.id,
      createdAt: new Date().toISOString(),
      embeddingDim,
      imagePooledDim,
      textPooledDim,
      imageSize: preprocess.width,
      contextLength,
      logitScale,
      logitBias,
      licence: manifest?.licence ?? null,
      architecture: manifest?.architecture ?? null,
      objects: manifest?.objects ?? null,
      method: manifest?.method ?? null,
      trainingReport: manifest?.trainingReport ?? null,
      learnedPictures: manifest?.learnedPictures ?? null,
      source: manifest?.source ?? null,
    },
  }
}
