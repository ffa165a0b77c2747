/** All that is measured of one model on one set. */
import type { EvaluatedModel, ModelMeasurement } from '../../../../shared/domain/evaluation.js'
import type { OpenPairEmbedder } from '../features/pairEmbedder.js'
import { measureGeometry } from '../metrics/geometry/measureGeometry.js'
import type { EmbeddingMatrix } from '../metrics/ranks.js'
import { embedWords } from './embedSet.js'
import type { MeasuredSet } from './measuredSet.js'
import { type LabelTask, type MeasuredLabels, measureLabels } from './measureLabels.js'
import { type MeasuredRetrieval, measureRetrieval } from './measureRetrieval.js'
import { recallCurve } from './recallCurve.js'
import { histogramSimilarities } from './similarities.js'

export interface MeasuredModel {
  readonly measurement: ModelMeasurement
  readonly retrieval: MeasuredRetrieval
  readonly labels: MeasuredLabels | null
}

export interface MeasureTask {
  readonly set: MeasuredSet
  /** Null where there are no labels to measure by. */
  readonly labelTask: LabelTask | null
}

/** @param images of the set, rows of unit length */
export async function measureModel(
  model: EvaluatedModel,
  { set, labelTask }: MeasureTask,
  images: EmbeddingMatrix,
  embedder: OpenPairEmbedder,
  signal: AbortSignal,
): Promise<MeasuredModel> {
  const texts = await embedWords(set.texts, embedder)
  const retrieval = await measureRetrieval(set, images, texts, signal)
  const labels = labelTask && (await measureLabels(labelTask, images, embedder, signal))
  return {
    retrieval,
    labels,
    measurement: {
      model,
      report: retrieval.report,
      curves: {
        textToImage: recallCurve(retrieval.rankings.textToImage),
        imageToText: recallCurve(retrieval.rankings.imageToText),
      },
      similarities: histogramSimilarities(images, texts, set.textsOfImage),
      geometry: measureGeometry(images, texts, set.textsOfImage),
      labels: labels?.report ?? null,
    },
  }
}
