/** Exact search in a worker thread: every vector is compared with the query. */
import { resolveEntry } from '../../platform/entries.js'
import { startWorker } from '../../platform/workerCalls.js'
import type { VectorHit } from '../vectorIndex.js'
import type { VectorBatch } from './vectorBatch.js'
import type { MatrixBlock } from './vectorMatrix.js'

/** A search as it travels to a worker. */
export interface SearchCall {
  /** [dim], of unit length. */
  readonly query: Float32Array
  readonly k: number
  readonly allow: Uint32Array | null
}

/** What both kinds of index do, each in its thread; calls are served in their order. */
export interface IndexThread {
  size(): Promise<number>
  upsert(batch: VectorBatch): Promise<void>
  remove(keys: Uint32Array): Promise<void>
  search(call: SearchCall): Promise<VectorHit[]>
  dispose(): Promise<void>
}

export interface ExactIndex extends IndexThread {
  /** The rows, in memory that other threads can read. */
  shared(): Promise<readonly MatrixBlock[]>
}

/** The functions that exactWorker.ts serves. */
export type ExactCalls = {
  size(argument: null): number
  upsert(batch: VectorBatch): void
  remove(keys: Uint32Array): void
  search(call: SearchCall): VectorHit[]
  shared(argument: null): readonly MatrixBlock[]
}

export function startExactIndex(dim: number): ExactIndex {
  const entry = resolveEntry(import.meta.url, './exactWorker.js')
  const worker = startWorker<ExactCalls>('exact search', entry, dim)
  return {
    size: () => worker.call('size', null),
    upsert: (batch) => worker.call('upsert', batch),
    remove: (keys) => worker.call('remove', keys),
    search: (call) => worker.call('search', call),
    shared: () => worker.call('shared', null),
    dispose: () => worker.dispose(),
  }
}
