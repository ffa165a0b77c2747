/** Alignment: how far apart what belongs together lies (Wang and Isola 2020, eq. 4 with alpha 2). */
import type { EmbeddingMatrix, Relevance } from '../ranks.js'

/** Mean squared distance of pictures and their texts; 0 is best, 2 is at right angles. */
export function alignment(
  images: EmbeddingMatrix,
  texts: EmbeddingMatrix,
  textsOfImage: Relevance,
): number {
  let [sum, count] = [0, 0]
  textsOfImage.forEach((rows, image) => {
    for (const text of rows) {
      sum += squaredDistance(images, image, texts, text)
      count++
    }
  })
  return count === 0 ? 0 : sum / count
}

export function squaredDistance(
  { dim, data }: EmbeddingMatrix,
  row: number,
  other: EmbeddingMatrix,
  otherRow: number,
): number {
  let sum = 0
  for (let k = 0; k < dim; k++) {
    sum += (data[row * dim + k]! - other.data[otherRow * dim + k]!) ** 2
  }
  return sum
}
