/** Measures how well encoders bring pictures and their captions together. */
import type { RetrievalReport, TrainingPair } from '../../../shared/domain/training.js'
import { createMeasuredSet } from './evaluation/measuredSet.js'
import { measureRetrieval } from './evaluation/measureRetrieval.js'
import { type FeatureChunk, pickFeatureRows } from './features/featureCache.js'
import type { SkippedFile } from './methods/method.js'
import { toUnitRows } from './metrics/retrieval.js'
import { mergePairs } from './sampling/mergePairs.js'

/** Both encoders, as far as evaluation needs them: one row of embeddings per input. */
export interface PairEmbedder {
  images(paths: readonly string[]): Promise<FeatureChunk>
  texts(texts: readonly string[]): Promise<FeatureChunk>
}

export interface PairEvaluation {
  /** Null where no picture with words could be read. */
  readonly report: RetrievalReport | null
  readonly skipped: readonly SkippedFile[]
}

/**
 * Retrieval over all pictures with captions and all those. Captions of the same meaning are one text,
 * right for every picture that has it; unreadable pictures are left out of both galleries.
 */
export async function evaluatePairs(
  pairs: readonly TrainingPair[],
  embedder: PairEmbedder,
  signal?: AbortSignal,
): Promise<PairEvaluation> {
  const items = mergePairs(pairs).filter(({ captions }) => captions.length > 0)
  if (items.length === 0) return { report: null, skipped: [] }
  const images = await embedder.images(items.map((item) => item.image))
  const unreadable = new Set(images.skipped.map(({ row }) => row))
  const skipped = images.skipped.map(({ row, reason }) => ({ path: items[row]!.image, reason }))
  const readable = items.flatMap((_, row) => (unreadable.has(row) ? [] : [row]))
  if (readable.length === 0) return { report: null, skipped }

  const set = createMeasuredSet(
    readable.map((row) => items[row]!),
    () => undefined,
  )
  const texts = await embedder.texts(set.texts)
  const data = pickFeatureRows(images, readable)
  const { report } = await measureRetrieval(
    set,
    toUnitRows({ rows: readable.length, dim: images.dim, data }),
    toUnitRows({ rows: set.texts.length, ...texts }),
    signal,
  )
  return { report, skipped }
}
