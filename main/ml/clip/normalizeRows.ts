/** Scales vectors to length 1. */

/** Divides each row of `[rows, dim]` by its length, in place; rows of zeros stay. Returns `rows`. */
export function normalizeRows(rows: Float32Array, dim: number): Float32Array {
  for (let start = 0; start < rows.length; start += dim) {
    let squares = 0
    for (let i = start; i < start + dim; i++) squares += rows[i]! * rows[i]!
    const scale = squares > 0 ? 1 / Math.sqrt(squares) : 0
    for (let i = start; i < start + dim; i++) rows[i]! *= scale
  }
  return rows
}
