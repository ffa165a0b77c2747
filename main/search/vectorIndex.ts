/** What every store of embeddings can do, in memory or in a database. */
import type { VectorHit } from '../platform/vectors/bestHits.js'

export type { VectorHit } from '../platform/vectors/bestHits.js'

/** An embedding under the integer that names its photo. */
export interface VectorItem {
  /** 0 to `largestKey`. */
  readonly key: number
  /** [dim]; its length does not matter, only its direction. */
  readonly vector: Float32Array
}

/** Keys must fit 32 bits, one value being taken for "none". */
export const largestKey = 2 ** 32 - 2

export interface SearchOptions {
  /** If given, only these keys may be found. */
  readonly allow?: ReadonlySet<number>
}

/** Finds the vectors most similar to a query. */
export interface VectorIndex {
  /** How many vectors it holds. */
  size(): Promise<number>
  /** Adds vectors, replacing those whose keys it has; of equal keys the last one stays. */
  upsert(items: readonly VectorItem[]): Promise<void>
  /** Removes keys; those it does not have are passed over. */
  remove(keys: readonly number[]): Promise<void>
  /** The `k` best, best first; fewer if there are not so many. */
  search(query: Float32Array, k: number, options?: SearchOptions): Promise<VectorHit[]>
  dispose(): Promise<void>
}
