/** Embeds pictures, and then texts for those that could be read, with every model to be measured. */
import { dirname } from 'node:path'
import type { TrainingPair } from '../../../../shared/domain/training.js'
import { AppError } from '../../../../shared/errors.js'
import type { ModelDirectory } from '../../clip/modelDirectory.js'
import { pickFeatureRows } from '../features/featureCache.js'
import { type OpenPairEmbedder, openPairEmbedder } from '../features/pairEmbedder.js'
import type { SkippedFile } from '../methods/method.js'
import type { EmbeddingMatrix } from '../metrics/ranks.js'
import { toUnitRows } from '../metrics/retrieval.js'

export interface EmbedOptions {
  readonly signal: AbortSignal
  /** Pictures embedded so far. */
  readonly onProgress?: (done: number, total: number) => void
}

/** Pictures that can be read, as every model embeds them; rows of unit length. */
export interface EmbeddedItems {
  readonly items: readonly TrainingPair[]
  readonly images: readonly EmbeddingMatrix[]
  readonly skipped: readonly SkippedFile[]
}

/** What is done with the models' encoders while they are open. */
type Use<T> = (embedders: readonly OpenPairEmbedder[]) => Promise<T>

/** Opens the encoders of all models for as long as `use` takes. */
export async function withEmbedders<T>(
  models: readonly ModelDirectory[],
  { signal, onProgress }: EmbedOptions,
  use: Use<T>,
): Promise<T> {
  const open: OpenPairEmbedder[] = []
  try {
    for (const [i, model] of models.entries()) {
      const told = (done: number, total: number) =>
        onProgress?.(i * total + done, models.length * total)
      open.push(
        await openPairEmbedder(model, { device: 'cpu', threads: 0, signal, onProgress: told }),
      )
    }
    return await use(open)
  } finally {
    for (const embedder of open) await embedder.dispose()
  }
}

/** Throws NO_PICTURES where none of the pictures can be read. */
export async function embedItems(
  items: readonly TrainingPair[],
  embedders: readonly OpenPairEmbedder[],
): Promise<EmbeddedItems> {
  const paths = items.map(({ image }) => image)
  const chunks = []
  for (const embedder of embedders) chunks.push(await embedder.images(paths))
  const reasons = new Map(
    chunks.flatMap(({ skipped }) => skipped.map((one) => [one.row, one.reason])),
  )
  const readable = items.flatMap((_, row) => (reasons.has(row) ? [] : [row]))
  if (readable.length === 0) {
    throw new AppError('NO_PICTURES', { path: dirname(paths[0] ?? '') })
  }
  return {
    items: readable.map((row) => items[row]!),
    images: chunks.map((chunk) =>
      toUnitRows({ rows: readable.length, dim: chunk.dim, data: pickFeatureRows(chunk, readable) }),
    ),
    skipped: [...reasons].map(([row, reason]) => ({ path: paths[row]!, reason })),
  }
}

/** Rows of unit length, one per text. */
export async function embedWords(
  texts: readonly string[],
  embedder: Pick<OpenPairEmbedder, 'texts'>,
): Promise<EmbeddingMatrix> {
  const { dim, data } = await embedder.texts(texts)
  return toUnitRows({ rows: texts.length, dim, data })
}
