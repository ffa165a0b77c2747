/** How often the nearest other picture has the same label. */
import type { PictureReport } from '../../../../shared/domain/training.js'
import type { EmbeddingMatrix } from './ranks.js'

/**
 * Leave-one-out accuracy of the nearest neighbour by cosine, over pictures whose label another one
 * has too; ties count against. Null where there are no two such labels.
 *
 * @param embeddings [pictures, dim], rows of unit length
 */
export function nearestLabelAccuracy(
  { dim, data }: EmbeddingMatrix,
  labels: readonly (string | undefined)[],
): PictureReport['labels'] {
  const counts = new Map<string, number>()
  for (const label of labels) if (label) counts.set(label, (counts.get(label) ?? 0) + 1)
  const kept = labels.flatMap((label, row) => (label && counts.get(label)! > 1 ? [row] : []))
  if (new Set(kept.map((row) => labels[row])).size < 2) return null
  const similarity = (a: number, b: number) => {
    let sum = 0
    for (let k = 0; k < dim; k++) sum += data[a * dim + k]! * data[b * dim + k]!
    return sum
  }
  let right = 0
  let expected = 0
  for (const row of kept) {
    let [own, other] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY]
    for (const candidate of kept) {
      if (candidate === row) continue
      const value = similarity(row, candidate)
      if (labels[candidate] === labels[row]) own = Math.max(own, value)
      else other = Math.max(other, value)
    }
    if (own > other) right++
    expected += (counts.get(labels[row]!)! - 1) / (kept.length - 1)
  }
  return {
    pictures: kept.length,
    accuracy: right / kept.length,
    chance: expected / kept.length,
  }
}
