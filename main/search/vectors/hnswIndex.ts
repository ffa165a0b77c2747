/** Approximate search by HNSW in a worker thread of its own. */
import { resolveEntry } from '../../platform/entries.js'
import type { KeyDifference } from '../../platform/vectors/hnswGraph.js'
import { startWorker } from '../../platform/workerCalls.js'
import type { VectorHit } from '../vectorIndex.js'
import type { IndexThread, SearchCall } from './exactIndex.js'
import type { GraphContent, GraphOwner } from './hnswFile.js'
import type { VectorBatch } from './vectorBatch.js'
import type { MatrixBlock } from './vectorMatrix.js'

/** An index has no graph until one is read or built; only then does it answer other calls. */
export interface HnswIndex extends IndexThread {
  /** The version of the graph that was read from the folder, null if none could be. */
  read(folder: string, owner: GraphOwner): Promise<string | null>
  compareKeys(wanted: Uint32Array): Promise<KeyDifference>
  /** Builds the graph from the rows of an exact index; ends early with an error on `dispose`. */
  build(rows: readonly MatrixBlock[]): Promise<void>
  write(folder: string, content: GraphContent): Promise<void>
}

/** The functions that hnswWorker.ts serves. */
export type HnswCalls = {
  read(argument: { folder: string; owner: GraphOwner }): Promise<string | null>
  compareKeys(wanted: Uint32Array): KeyDifference
  build(rows: readonly MatrixBlock[]): void
  write(argument: { folder: string; content: GraphContent }): Promise<void>
  size(argument: null): number
  upsert(batch: VectorBatch): Promise<void>
  remove(keys: Uint32Array): void
  search(call: SearchCall): VectorHit[]
}

export function startHnswIndex(dim: number): HnswIndex {
  const entry = resolveEntry(import.meta.url, './hnswWorker.js')
  const worker = startWorker<HnswCalls>('HNSW search', entry, dim)
  return {
    read: (folder, owner) => worker.call('read', { folder, owner }),
    compareKeys: (wanted) => worker.call('compareKeys', wanted),
    build: (rows) => worker.call('build', rows),
    write: (folder, content) => worker.call('write', { folder, content }),
    size: () => worker.call('size', null),
    upsert: (batch) => worker.call('upsert', batch),
    remove: (keys) => worker.call('remove', keys),
    search: (call) => worker.call('search', call),
    dispose: () => worker.dispose(),
  }
}
