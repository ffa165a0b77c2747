/** Retrieval both ways on a measured set, its intervals by groups of linked pictures. */
import type { RetrievalReport } from '../../../../shared/domain/training.js'
import type { EmbeddingMatrix, Ranking } from '../metrics/ranks.js'
import { type BothWays, rankBothWays, summariseRanking } from '../metrics/retrieval.js'
import type { MeasuredSet } from './measuredSet.js'

export interface MeasuredRetrieval {
  readonly rankings: BothWays<Ranking>
  /** Per query a number that queries of linked pictures share. */
  readonly clusters: BothWays<Int32Array>
  readonly report: RetrievalReport
}

/** @param images and `texts` of unit length, in the set's order */
export async function measureRetrieval(
  set: MeasuredSet,
  images: EmbeddingMatrix,
  texts: EmbeddingMatrix,
  signal?: AbortSignal,
): Promise<MeasuredRetrieval> {
  const rankings = await rankBothWays(images, texts, set.textsOfImage, signal)
  const clusters = {
    textToImage: rankings.textToImage.queries.map((row) => set.clusters.texts[row]!),
    imageToText: rankings.imageToText.queries.map((row) => set.clusters.images[row]!),
  }
  return {
    rankings,
    clusters,
    report: {
      textToImage: summariseRanking(rankings.textToImage, clusters.textToImage),
      imageToText: summariseRanking(rankings.imageToText, clusters.imageToText),
    },
  }
}
