/** Opens a model's encoders, each in a thread of its own, and gives normalised embeddings. */
import { AppError } from '../../../shared/errors.js'
import { openSessionInWorker } from '../runtime/openSessionInWorker.js'
import type { Session, SessionOptions, Tensors } from '../runtime/session.js'
import { checkEncoder, type ModelDirectory } from './modelDirectory.js'
import { normalizeRows } from './normalizeRows.js'
import type { PreprocessConfig } from './preprocessConfig.js'
import { loadTokenizer } from './tokenizer/loadTokenizer.js'
import type { Tokenizer } from './tokenizer/Tokenizer.js'

export interface EncoderOptions extends Pick<SessionOptions, 'device' | 'threads'> {
  /** Leaves rows at the length that the graph gives them, for training on them. */
  readonly unnormalized?: boolean
}

/** What a batch of pictures becomes. */
interface ImageEmbeddings {
  /** `[batch, dim]`, each row of length 1 unless opened `unnormalized`. */
  readonly embeddings: Float32Array
  /** `[batch, pooledDim]`, the features before the projection as they are; null without them. */
  readonly pooled: Float32Array | null
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
  readonly tokenizer: Tokenizer
  readonly device: Session['device']
  readonly notice: string | undefined
  /** `[texts, dim]`, each row of length 1 unless opened `unnormalized`. Long texts are cut to the context length. */
  encode(texts: readonly string[]): Promise<Float32Array>
  dispose(): Promise<void>
}

/** Texts that run through the encoder at a time; memory stays small however many are asked for. */
const textBatch = 64

/**
 * @throws AppError as `openSessionInWorker`; MODEL_INVALID if a file was altered or the graph has
 *   other inputs or outputs
 */
export async function openImageEncoder(
  model: ModelDirectory,
  options: EncoderOptions,
): Promise<ImageEncoder> {
  await checkEncoder(model, 'vision')
  const { session, output, hasPooled } = await openTower(model.visionPath, 'image_embeds', options)
  const { preprocess, embeddingDim: dim } = model
  const pooledDim = hasPooled ? model.imagePooledDim : null
  return {
    modelId: model.id,
    dim,
    pooledDim,
    preprocess,
    device: session.device,
    notice: session.notice,
    async encode(pixels, batch) {
      const dims = [batch, 3, preprocess.height, preprocess.width]
      const feeds: Tensors = { pixel_values: { type: 'float32', dims, data: pixels } }
      const fetches = pooledDim === null ? [output] : [output, 'pooler_output']
      const results = await session.run(feeds, fetches)
      const take = (name: string, width: number) =>
        takeRows(model.visionPath, results, name, [batch, width])
      return {
        embeddings: finishRows(options)(take(output, dim), dim),
        pooled: pooledDim === null ? null : take('pooler_output', pooledDim),
      }
    },
    dispose: () => session.dispose(),
  }
}

/** @throws AppError as `openImageEncoder` and `loadTokenizer` */
export async function openTextEncoder(
  model: ModelDirectory,
  options: EncoderOptions,
): Promise<TextEncoder> {
  await checkEncoder(model, 'text')
  const tokenizer = await loadTokenizer(model.path)
  const { session, output } = await openTower(model.textPath, 'text_embeds', options)
  const { embeddingDim: dim, contextLength, padTo } = model

  async function encodeBatch(texts: readonly string[]): Promise<Float32Array> {
    const tokens = tokenizer.encode(texts, { contextLength, padTo })
    const dims = [tokens.batch, tokens.length]
    const feeds: Tensors = {
      input_ids: { type: 'int64', dims, data: tokens.inputIds },
      // SigLIP's text encoder has no mask.
      ...(session.inputNames.includes('attention_mask')
        ? { attention_mask: { type: 'int64', dims, data: tokens.attentionMask } }
        : {}),
    }
    const results = await session.run(feeds, [output])
    return takeRows(model.textPath, results, output, [tokens.batch, dim])
  }

  return {
    modelId: model.id,
    dim,
    tokenizer,
    device: session.device,
    notice: session.notice,
    async encode(texts) {
      const embeddings = new Float32Array(texts.length * dim)
      for (let at = 0; at < texts.length; at += textBatch) {
        embeddings.set(await encodeBatch(texts.slice(at, at + textBatch)), at * dim)
      }
      return finishRows(options)(embeddings, dim)
    },
    dispose: () => session.dispose(),
  }
}

function finishRows({ unnormalized = false }: EncoderOptions): typeof normalizeRows {
  return unnormalized ? (rows) => rows : normalizeRows
}

interface OpenTower {
  readonly session: Session
  /** The output with the embeddings. */
  readonly output: string
  /** Whether the features before the projection are another output. */
  readonly hasPooled: boolean
}

/** SigLIP's exports call their embeddings `pooler_output`, as no projection follows. */
async function openTower(
  path: string,
  embeddings: 'image_embeds' | 'text_embeds',
  { device, threads }: EncoderOptions,
): Promise<OpenTower> {
  const session = await openSessionInWorker(path, { device, threads })
  const { outputNames } = session
  const hasPooled = outputNames.includes('pooler_output')
  if (outputNames.includes(embeddings)) return { session, output: embeddings, hasPooled }
  if (hasPooled) return { session, output: 'pooler_output', hasPooled: false }
  await session.dispose()
  const reason = `it has no output ${embeddings}, only ${outputNames.join(', ')}`
  throw new AppError('MODEL_INVALID', { path, reason })
}

function takeRows(
  path: string,
  results: Tensors,
  name: string,
  dims: readonly [number, number],
): Float32Array {
  const tensor = results[name]
  if (tensor?.type === 'float32' && tensor.data.length === dims[0] * dims[1]) return tensor.data
  const found = tensor ? `${tensor.type} [${tensor.dims.join(', ')}]` : 'nothing'
  const reason = `its ${name} should be float32 [${dims.join(', ')}] but is ${found}`
  throw new AppError('MODEL_INVALID', { path, reason })
}
