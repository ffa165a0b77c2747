/** The vectors of one model of a library, from their cached HNSW file where it fits. */
import { chunks } from '../storage/chunks.js'
import type { Database } from '../storage/openDatabase.js'
import type { Model } from '../storage/repositories/models.js'
import { openVectorIndex } from './openVectorIndex.js'
import type { VectorStore } from './vectorStore.js'

export interface ModelVectorsOptions {
  readonly database: Database
  readonly row: Model
  /** Where HNSW files are cached. */
  readonly vectorFolder: string
  readonly onNotice: (message: string) => void
  /** How many new vectors the HNSW file may be behind; of more, exact search answers sooner. */
  readonly catchUpLimit: number
  /** Gives up loading. */
  readonly signal: AbortSignal
}

export async function openModelVectors(options: ModelVectorsOptions): Promise<VectorStore> {
  const { database, row, vectorFolder, onNotice, signal } = options
  return openVectorIndex({
    folder: vectorFolder,
    modelId: row.uid,
    dim: row.dim,
    version: await database.embeddings.version(row.id),
    load: () => loadVectors(database, row.id),
    // A photo's embedding by a model never changes: both are known by their content.
    catchUp: {
      keys: () => database.embeddings.photoIds(row.id),
      load: (photoIds) => loadSome(database, row.id, photoIds),
      limit: options.catchUpLimit,
    },
    onNotice,
    signal,
  })
}

async function* loadVectors(database: Database, modelId: number) {
  for await (const { photoId, vector } of database.embeddings.stream(modelId)) {
    yield { key: photoId, vector }
  }
}

async function* loadSome(database: Database, modelId: number, photoIds: Uint32Array) {
  for (const ids of chunks([...photoIds])) {
    for (const [key, vector] of await database.embeddings.getMany(modelId, ids)) {
      yield { key, vector }
    }
  }
}
