/** A VectorIndex whose HNSW file is only a cache; the database stays the source of truth. */
import type { VectorIndex, VectorItem } from './vectorIndex.js'

/**
 * How to bring an outdated file up to date, which takes the time of what is new alone. The vector
 * of a key must never change: only keys are compared.
 */
export interface CatchUp {
  /** The keys of all embeddings of the model, as of `version`. */
  readonly keys: () => Promise<Uint32Array>
  /** The embeddings of some keys. */
  readonly load: (keys: Uint32Array) => AsyncIterable<VectorItem>
  /** Of more new keys than this, exact search answers sooner. */
  readonly limit: number
}

export interface VectorStoreOptions {
  /** Where HNSW files are cached; made when needed, safe to delete. */
  readonly folder: string
  readonly modelId: string
  readonly dim: number
  /** Changes whenever the model's embeddings in the database do. */
  readonly version: string
  /** All embeddings of the model, as of `version`; only asked for when they are needed. */
  readonly load: () => AsyncIterable<VectorItem>
  /** If given, a file of another version may be used. */
  readonly catchUp?: CatchUp
  /** Told in a sentence what went wrong where search goes on all the same. */
  readonly onNotice?: (message: string) => void
  /** Up to how many numbers (vectors times `dim`) search stays exact; `exactNumbersLimit` if left out. */
  readonly exactLimit?: number
  readonly signal?: AbortSignal
}

export interface VectorStore extends VectorIndex {
  /** How searches are answered now: `building` is exact too. */
  mode(): 'exact' | 'building' | 'hnsw'
  /** Resolves when no build is under way; a build that fails is a notice, and search stays exact. */
  settled(): Promise<void>
  /**
   * Tells that the index now holds the embeddings of `version`, and brings the file up to date, so
   * that the next start need not rebuild it. Without this call after changes, the next start does.
   *
   * @throws AppError DISK_FULL, FILE_UNREADABLE
   */
  save(version: string): Promise<void>
}
