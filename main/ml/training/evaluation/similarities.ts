/** How alike pictures and texts are that belong together, and those that do not. */
import type { SimilarityHistogram } from '../../../../shared/domain/evaluation.js'
import { cosineOf } from '../metrics/cosineOf.js'
import type { EmbeddingMatrix, Relevance } from '../metrics/ranks.js'
import { createRandom } from '../random.js'

const bins = 80
/** Pairs that do not belong together are as many as this, drawn at random. */
const othersDrawn = 100_000
const seed = 31

/**
 * Cosines of -1 to 1 in equal bins.
 *
 * @param images and `texts` of unit length
 */
export function histogramSimilarities(
  images: EmbeddingMatrix,
  texts: EmbeddingMatrix,
  textsOfImage: Relevance,
): SimilarityHistogram {
  const matching = new Array<number>(bins).fill(0)
  const others = new Array<number>(bins).fill(0)
  const count = (target: number[], image: number, text: number) => {
    const cosine = cosineOf(images, image, texts, text)
    target[Math.max(0, Math.min(bins - 1, Math.floor(((cosine + 1) / 2) * bins)))]!++
  }
  textsOfImage.forEach((rows, image) => {
    for (const text of rows) count(matching, image, text)
  })
  const random = createRandom(seed)
  for (let i = 0; i < othersDrawn; i++) {
    const [image, text] = [random.integer(images.rows), random.integer(texts.rows)]
    if (!textsOfImage[image]!.includes(text)) count(others, image, text)
  }
  return { from: -1, to: 1, matching, others }
}
