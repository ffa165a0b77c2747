/** The modality gap: how far pictures as a whole lie from texts as a whole (Liang 2022). */
import type { EmbeddingMatrix } from '../ranks.js'

/** The distance between the mean picture and the mean text; 0 to 2. */
export function modalityGap(images: EmbeddingMatrix, texts: EmbeddingMatrix): number {
  const [a, b] = [meanRow(images), meanRow(texts)]
  return Math.hypot(...a.map((value, k) => value - b[k]!))
}

function meanRow({ rows, dim, data }: EmbeddingMatrix): Float64Array {
  const sums = new Float64Array(dim)
  for (let i = 0; i < rows * dim; i++) sums[i % dim]! += data[i]! / rows
  return sums
}
