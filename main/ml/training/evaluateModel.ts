/** Measures a saved model on pairs, as `semblance eval` does. */
import { dirname } from 'node:path'
import type { RetrievalReport, TrainingPair } from '../../../shared/domain/training.js'
import { AppError } from '../../../shared/errors.js'
import type { ModelDirectory } from '../clip/modelDirectory.js'
import { evaluatePairs } from './evaluatePairs.js'
import { openPairEmbedder } from './features/pairEmbedder.js'
import type { SkippedFile } from './methods/method.js'

export interface ModelEvaluation {
  readonly report: RetrievalReport
  /** Pictures that could not be read. */
  readonly skipped: readonly SkippedFile[]
}

export interface EvaluateOptions {
  readonly signal: AbortSignal
  /** Pictures embedded so far. */
  readonly onProgress?: (done: number, total: number) => void
}

/** Retrieval in both directions. Throws NO_PICTURES where none of the pictures can be read. */
export async function evaluateModel(
  model: ModelDirectory,
  pairs: readonly TrainingPair[],
  { signal, onProgress }: EvaluateOptions,
): Promise<ModelEvaluation> {
  const embedder = await openPairEmbedder(model, {
    device: 'cpu',
    threads: 0,
    signal,
    ...(onProgress ? { onProgress } : {}),
  })
  try {
    const { report, skipped } = await evaluatePairs(pairs, embedder, signal)
    if (report !== null) return { report, skipped }
    throw new AppError('NO_PICTURES', { path: dirname(pairs[0]?.image ?? model.path) })
  } finally {
    await embedder.dispose()
  }
}
