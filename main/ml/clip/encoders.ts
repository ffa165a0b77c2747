/** Opens a model's encoders, each in a thread of its own, and gives normalised embeddings. */
import type { PhotoObject } from '../../../shared/domain/photo.js'
import { resolveEntry } from '../../platform/entries.js'
import { startWorker } from '../../platform/workerCalls.js'
import { openSessionInWorker } from '../runtime/openSessionInWorker.js'
import type { Session, SessionOptions, Tensors } from '../runtime/session.js'
import { type ObjectsDeclaration, objectsOutput } from './modelDirectory/semblanceFile.js'
import {
  checkEncoder,
  type EncoderPrecision,
  encoderPath,
  type ModelDirectory,
} from './modelDirectory.js'
import { normalizeRows } from './normalizeRows.js'
import { decodeObjects, numbersPerObject } from './objects/decodeObjects.js'
import { openTower, takeRows } from './openTower.js'
import type { PreprocessConfig } from './preprocessConfig.js'
import type { TextEncoderCalls, TextEncoderRequest } from './textEncoderWorker.js'

export interface EncoderOptions extends Pick<SessionOptions, 'device' | 'threads'> {
  /** Leaves rows at the length that the graph gives them, for training on them. */
  readonly unnormalized?: boolean
  /** Whether to tell what an image encoder finds, where it does; not if left out. */
  readonly objects?: boolean
  /** Full precision if left out. */
  readonly precision?: EncoderPrecision
  /** Moves pixels to the encoder's thread instead of copying them: they are empty afterwards. */
  readonly transfer?: boolean
  /** Whether it gives way to whatever else the process does. */
  readonly background?: boolean
}

/** What a batch of pictures becomes. */
interface ImageEmbeddings {
  /** `[batch, dim]`, each row of length 1 unless opened `unnormalized`. */
  readonly embeddings: Float32Array
  /** `[batch, pooledDim]`, the features before the projection as they are; null without them. */
  readonly pooled: Float32Array | null
  /** By picture, what was found in it; null where the encoder does not tell or was not asked. */
  readonly objects: readonly (readonly PhotoObject[])[] | null
}

export interface ImageEncoder {
  readonly modelId: string
  readonly dim: number
  readonly pooledDim: number | null
  readonly preprocess: PreprocessConfig
  /** The provider in use, and a sentence for the user if it is not the one hoped for. */
  readonly device: Session['device']
  readonly notice: string | undefined
  /**
   * @param pixels `[batch, 3, height, width]`, as of `loadPixelValues`
   * @throws AppError MODEL_INVALID if the graph gives something else than the model says
   */
  encode(pixels: Float32Array, batch: number): Promise<ImageEmbeddings>
  dispose(): Promise<void>
}

export interface TextEncoder {
  readonly modelId: string
  readonly dim: number
  readonly device: Session['device']
  readonly notice: string | undefined
  /** `[texts, dim]`, each row of length 1 unless opened `unnormalized`. Long texts are cut to the context length. */
  encode(texts: readonly string[]): Promise<Float32Array>
  dispose(): Promise<void>
}

/**
 * @throws AppError as `openSessionInWorker`; MODEL_INVALID if a file was altered or the graph has
 *   other inputs or outputs
 */
export async function openImageEncoder(
  model: ModelDirectory,
  options: EncoderOptions,
): Promise<ImageEncoder> {
  const { device, threads, unnormalized = false, precision = 'full' } = options
  const { transfer = false, background = false } = options
  await checkEncoder(model, 'vision', precision)
  const path = encoderPath(model, 'vision', precision)
  const opening = openSessionInWorker(path, { device, threads, transfer, background })
  const { session, output, hasPooled } = await openTower(opening, path, 'image_embeds')
  const { preprocess, embeddingDim: dim } = model
  const pooledDim = hasPooled ? model.imagePooledDim : null
  const finds = options.objects === true ? (model.manifest?.objects ?? null) : null
  return {
    modelId: model.id,
    dim,
    pooledDim,
    preprocess,
    get device() {
      return session.device
    },
    get notice() {
      return session.notice
    },
    async encode(pixels, batch) {
      const dims = [batch, 3, preprocess.height, preprocess.width]
      const feeds: Tensors = { pixel_values: { type: 'float32', dims, data: pixels } }
      const fetches = [
        output,
        ...(pooledDim === null ? [] : ['pooler_output']),
        ...(finds !== null && session.outputNames.includes(objectsOutput) ? [objectsOutput] : []),
      ]
      const results = await session.run(feeds, fetches)
      const take = (name: string, width: number) => takeRows(path, results, name, [batch, width])
      const embeddings = take(output, dim)
      return {
        embeddings: unnormalized ? embeddings : normalizeRows(embeddings, dim),
        pooled: pooledDim === null ? null : take('pooler_output', pooledDim),
        objects: finds && takeObjects(path, results, batch, finds),
      }
    },
    dispose: () => session.dispose(),
  }
}

/** @throws AppError MODEL_INVALID if the graph gives something else than semblance.json says */
function takeObjects(
  path: string,
  results: Tensors,
  batch: number,
  finds: ObjectsDeclaration,
): PhotoObject[][] {
  const [, most = 0] = results[objectsOutput]?.dims ?? []
  const width = most * numbersPerObject
  const rows = takeRows(path, results, objectsOutput, [batch, width])
  return Array.from({ length: batch }, (_, i) =>
    decodeObjects(rows.subarray(i * width, (i + 1) * width), finds, path),
  )
}

/**
 * Tokenizing happens in the encoder's thread too: building a tokenizer takes a tenth of a second.
 *
 * @throws AppError as `openImageEncoder` and `loadTokenizer`
 */
export async function openTextEncoder(
  model: ModelDirectory,
  { device, threads, unnormalized = false, precision = 'full' }: EncoderOptions,
): Promise<TextEncoder> {
  await checkEncoder(model, 'text', precision)
  const { path: folder, embeddingDim: dim, contextLength, padTo } = model
  const path = encoderPath(model, 'text', precision)
  const session = { device, threads, spinning: false }
  const request = { folder, path, dim, contextLength, padTo, session } satisfies TextEncoderRequest
  const entry = resolveEntry(import.meta.url, './textEncoderWorker.js')
  const worker = startWorker<TextEncoderCalls>('text encoder', entry, request)
  try {
    const facts = await worker.call('describe', null)
    return {
      modelId: model.id,
      dim,
      device: facts.device,
      notice: facts.notice,
      async encode(texts) {
        const rows = await worker.call('encode', texts)
        return unnormalized ? rows : normalizeRows(rows, dim)
      },
      dispose: () => worker.dispose(),
    }
  } catch (error) {
    await worker.dispose()
    throw error
  }
}
