/** Measures how well encoders bring pictures and their captions together. */
import type { RetrievalReport, TrainingPair } from '../../../shared/domain/training.js'
import { type FeatureChunk, pickFeatureRows } from './features/featureCache.js'
import type { SkippedFile } from './methods/method.js'
import { evaluateRetrieval } from './metrics/retrieval.js'
import { mergePairs } from './sampling/mergePairs.js'
import { buildCaptionTable } from './sources/captionTable.js'

/** Both encoders, as far as evaluation needs them: one row of embeddings per input. */
export interface PairEmbedder {
  images(paths: readonly string[]): Promise<FeatureChunk>
  texts(texts: readonly string[]): Promise<FeatureChunk>
}

export interface PairEvaluation {
  /** Null where no picture could be read. */
  readonly report: RetrievalReport | null
  readonly skipped: readonly SkippedFile[]
}

/**
 * Retrieval over all pictures and all their captions. Captions of the same meaning are one text,
 * right for every picture that has it; unreadable pictures are left out of both galleries.
 */
export async function evaluatePairs(
  pairs: readonly TrainingPair[],
  embedder: PairEmbedder,
  signal?: AbortSignal,
): Promise<PairEvaluation> {
  const items = mergePairs(pairs)
  const images = await embedder.images(items.map((item) => item.image))
  const unreadable = new Set(images.skipped.map(({ row }) => row))
  const skipped = images.skipped.map(({ row, reason }) => ({ path: items[row]!.image, reason }))
  const readable = items.flatMap((_, row) => (unreadable.has(row) ? [] : [row]))
  if (readable.length === 0) return { report: null, skipped }

  const { texts, textsOfImage } = distinctTexts(readable.map((row) => items[row]!))
  const textRows = await embedder.texts(texts)
  const report = await evaluateRetrieval(
    { rows: readable.length, dim: images.dim, data: pickFeatureRows(images, readable) },
    { rows: texts.length, ...textRows },
    textsOfImage,
    signal,
  )
  return { report, skipped }
}

/** One text per meaning, and for each item those that belong to it. */
function distinctTexts(items: readonly TrainingPair[]) {
  const table = buildCaptionTable(items)
  const texts: string[] = []
  table.texts.forEach((text, row) => {
    texts[table.meaning[row]!] ??= text
  })
  const textsOfImage = table.ofItem.map((rows) => [
    ...new Set(rows.map((row) => table.meaning[row]!)),
  ])
  return { texts, textsOfImage }
}
