/** Measures retrieval in both directions between pictures and captions. */
import type { RetrievalMetrics, RetrievalReport } from '../../../../shared/domain/training.js'
import { normalizeRows } from '../../clip/normalizeRows.js'
import { createRandom } from '../random.js'
import { bootstrapIntervals } from './bootstrap.js'
import { chanceAtK } from './chance.js'
import { type EmbeddingMatrix, type Ranking, type Relevance, rankRelevant } from './ranks.js'
import { type RankMetricName, rankMetricNames, rankMetrics, scoreQueries } from './table.js'

/** Rankings of the same pictures and texts. */
export interface BothWays<T> {
  readonly textToImage: T
  readonly imageToText: T
}

/**
 * Recall, precision, reciprocal and plain ranks with intervals and chance, both ways. Embeddings need
 * not be normalised; they are compared by cosine similarity.
 *
 * @param images `[images, dim]`
 * @param texts `[texts, dim]`, each text once: a caption that several pictures share is one row
 * @param textsOfImage per image the texts that are relevant to it
 */
export async function evaluateRetrieval(
  images: EmbeddingMatrix,
  texts: EmbeddingMatrix,
  textsOfImage: Relevance,
  signal?: AbortSignal,
): Promise<RetrievalReport> {
  const ranked = await rankBothWays(toUnitRows(images), toUnitRows(texts), textsOfImage, signal)
  return {
    textToImage: summariseRanking(ranked.textToImage),
    imageToText: summariseRanking(ranked.imageToText),
  }
}

/** @param images and `texts` of unit length */
export async function rankBothWays(
  images: EmbeddingMatrix,
  texts: EmbeddingMatrix,
  textsOfImage: Relevance,
  signal?: AbortSignal,
): Promise<BothWays<Ranking>> {
  const imagesOfText = invertRelevance(textsOfImage, texts.rows)
  return {
    textToImage: await rankRelevant(texts, images, imagesOfText, signal),
    imageToText: await rankRelevant(images, texts, textsOfImage, signal),
  }
}

/** @param clusters per query, as for `bootstrapIntervals`; each query its own by default */
export function summariseRanking(
  { ranks, gallerySize }: Ranking,
  clusters: Int32Array = Int32Array.from(ranks.keys()),
): RetrievalMetrics {
  const counts = Int32Array.from(ranks, ({ length }) => length)
  const once = new Float64Array(ranks.length).fill(1)
  const figures = rankMetricNames.map((name) => [
    name,
    rankMetrics[name].over(scoreQueries(name, ranks))(once),
  ])
  return {
    queries: ranks.length,
    gallerySize,
    ...(Object.fromEntries(figures) as Record<RankMetricName, number>),
    chanceAt1: chanceAtK(gallerySize, counts, 1),
    chanceAt5: chanceAtK(gallerySize, counts, 5),
    chanceAt10: chanceAtK(gallerySize, counts, 10),
    intervals: bootstrapIntervals(ranks, clusters, createRandom(bootstrapSeed)),
  }
}

/** One fixed seed, so that the same ranks always give the same intervals. */
const bootstrapSeed = 20

/** Per text the images it is relevant to. */
export function invertRelevance(textsOfImage: Relevance, textCount: number): number[][] {
  const imagesOfText = Array.from({ length: textCount }, (): number[] => [])
  textsOfImage.forEach((texts, image) => {
    for (const text of texts) imagesOfText[text]!.push(image)
  })
  return imagesOfText
}

/** A copy with every row at unit length. */
export function toUnitRows({ rows, dim, data }: EmbeddingMatrix): EmbeddingMatrix {
  return { rows, dim, data: normalizeRows(data.slice(), dim) }
}
