/** Vectors packed to move between threads: unit length, one after the other in one array. */
import { largestKey, type VectorItem } from '../vectorIndex.js'

export interface VectorBatch {
  readonly keys: Uint32Array<ArrayBuffer>
  /** [keys, dim] */
  readonly vectors: Float32Array<ArrayBuffer>
}

/** @throws RangeError for a key or vector that cannot be indexed: a defect of whoever made it */
export function packVectors(items: readonly VectorItem[], dim: number): VectorBatch {
  const keys = new Uint32Array(items.length)
  const vectors = new Float32Array(items.length * dim)
  items.forEach(({ key, vector }, i) => {
    if (!Number.isInteger(key) || key < 0 || key > largestKey) {
      throw new RangeError(`${key} cannot be the key of a vector`)
    }
    keys[i] = key
    normalizeInto(vector, vectors.subarray(i * dim, (i + 1) * dim), `the vector of key ${key}`)
  })
  return { keys, vectors }
}

/**
 * Vectors that lie one after the other already, normalised in place.
 *
 * @param keys checked by whoever gave them
 * @param vectors [keys, dim]
 */
export function normalizeBatch(
  keys: Uint32Array<ArrayBuffer>,
  vectors: Float32Array<ArrayBuffer>,
  dim: number,
): VectorBatch {
  if (vectors.length !== keys.length * dim) {
    throw new RangeError(`${keys.length} vectors of ${dim} numbers are not ${vectors.length} long`)
  }
  for (let i = 0; i < keys.length; i++) {
    const vector = vectors.subarray(i * dim, (i + 1) * dim)
    normalizeInto(vector, vector, `the vector of key ${keys[i]}`)
  }
  return { keys, vectors }
}

/** The query at unit length, in an array of its own. */
export function packQuery(query: Float32Array, dim: number): Float32Array<ArrayBuffer> {
  const unit = new Float32Array(dim)
  normalizeInto(query, unit, 'the query vector')
  return unit
}

/** A vector of zeros stays one: it is similar to nothing. */
function normalizeInto(vector: Float32Array, unit: Float32Array, what: string): void {
  if (vector.length !== unit.length) {
    throw new RangeError(`${what} has ${vector.length} numbers instead of ${unit.length}`)
  }
  let squares = 0
  // By index: an iterator over the numbers of a large library takes several times as long.
  for (let i = 0; i < vector.length; i++) squares += vector[i]! * vector[i]!
  if (!Number.isFinite(squares)) throw new RangeError(`${what} holds a value that is no number`)
  const scale = squares === 0 ? 0 : 1 / Math.sqrt(squares)
  for (let i = 0; i < unit.length; i++) unit[i] = vector[i]! * scale
}
