/** Uniformity: how evenly embeddings are spread over the sphere (Wang and Isola 2020, eq. 5 with t 2). */
import type { EmbeddingMatrix } from '../ranks.js'
import { squaredDistance } from './alignment.js'

/** More rows than this are sampled evenly: the figure hardly changes, the time by their square. */
const mostRows = 1_000

/**
 * The logarithm of the mean of exp(-2 d²) over all pairs of rows: 0 where all lie together, down to
 * about -4 where they are spread evenly over many dimensions. Null for fewer than two rows.
 */
export function uniformity(embeddings: EmbeddingMatrix): number | null {
  const count = Math.min(embeddings.rows, mostRows)
  if (count < 2) return null
  const rows = Array.from({ length: count }, (_, i) => Math.floor((i * embeddings.rows) / count))
  let sum = 0
  for (let i = 0; i < count; i++) {
    for (let j = i + 1; j < count; j++) {
      sum += Math.exp(-2 * squaredDistance(embeddings, rows[i]!, embeddings, rows[j]!))
    }
  }
  return Math.log(sum / ((count * (count - 1)) / 2))
}
