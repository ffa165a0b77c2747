/** The similarity of two rows. */
import type { EmbeddingMatrix } from './ranks.js'

/** The cosine of a row and a row of another matrix, both of unit length. */
export function cosineOf(
  { dim, data }: EmbeddingMatrix,
  row: number,
  other: EmbeddingMatrix,
  otherRow: number,
): number {
  let sum = 0
  for (let k = 0; k < dim; k++) sum += data[row * dim + k]! * other.data[otherRow * dim + k]!
  return sum
}
