/** Measures retrieval in both directions between pictures and captions. */
import type { RetrievalMetrics, RetrievalReport } from '../../../../shared/domain/training.js'
import { normalizeRows } from '../../clip/normalizeRows.js'
import { createRandom } from '../random.js'
import { bootstrapIntervals } from './bootstrap.js'
import { chanceAtK } from './chance.js'
import { type EmbeddingMatrix, type Relevance, rankRelevant } from './ranks.js'
import { rankMetrics } from './table.js'

/**
 * Recall, reciprocal and plain ranks with intervals and chance, text to image and image to text.
 * Embeddings need not be normalised; they are compared by cosine similarity.
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
  const imageRows = toUnitRows(images)
  const textRows = toUnitRows(texts)
  const imagesOfText = invertRelevance(textsOfImage, texts.rows)
  const textToImage = await rankRelevant(textRows, imageRows, imagesOfText, signal)
  const imageToText = await rankRelevant(imageRows, textRows, textsOfImage, signal)
  return {
    textToImage: summariseRanks(textToImage, images.rows, imagesOfText),
    imageToText: summariseRanks(imageToText, texts.rows, textsOfImage),
  }
}

/** Per text the images it is relevant to. */
function invertRelevance(textsOfImage: Relevance, textCount: number): number[][] {
  const imagesOfText = Array.from({ length: textCount }, (): number[] => [])
  textsOfImage.forEach((texts, image) => {
    for (const text of texts) imagesOfText[text]!.push(image)
  })
  return imagesOfText
}

function summariseRanks(
  ranks: Int32Array,
  gallerySize: number,
  relevance: Relevance,
): RetrievalMetrics {
  const counts = Int32Array.from(relevance.flatMap((items) => items.length || []))
  return {
    queries: ranks.length,
    gallerySize,
    recallAt1: rankMetrics.recallAt1(ranks),
    recallAt5: rankMetrics.recallAt5(ranks),
    recallAt10: rankMetrics.recallAt10(ranks),
    mrr: rankMetrics.mrr(ranks),
    medianRank: rankMetrics.medianRank(ranks),
    meanRank: rankMetrics.meanRank(ranks),
    chanceAt1: chanceAtK(gallerySize, counts, 1),
    chanceAt5: chanceAtK(gallerySize, counts, 5),
    chanceAt10: chanceAtK(gallerySize, counts, 10),
    intervals: bootstrapIntervals(ranks, createRandom(bootstrapSeed)),
  }
}

/** One fixed seed, so that the same ranks always give the same intervals. */
const bootstrapSeed = 20

/** A copy with every row at unit length. */
function toUnitRows({ rows, dim, data }: EmbeddingMatrix): EmbeddingMatrix {
  return { rows, dim, data: normalizeRows(data.slice(), dim) }
}
