/** All vectors of a model in memory, kept up with the database. */

import { chunks } from '../../storage/chunks.js'
import type { EmbeddingReader } from '../../storage/openEmbeddingReader.js'
import type { VectorItem } from '../vectorIndex.js'
import { normalizeBatch, packVectors } from '../vectors/vectorBatch.js'
import { VectorMatrix } from '../vectors/vectorMatrix.js'

/** Follows what is committed: nothing is loaded twice, however long an index job runs. */
export class FollowedVectors {
  readonly matrix: VectorMatrix
  private readonly reader: EmbeddingReader
  private readonly modelId: number
  private version: string | null = null
  private following: Promise<unknown> = Promise.resolve()

  constructor(reader: EmbeddingReader, modelId: number, dim: number) {
    this.reader = reader
    this.modelId = modelId
    this.matrix = new VectorMatrix(dim)
  }

  /** Takes in what is new; calls follow one another. */
  follow(): Promise<void> {
    const next = this.following.then(() => this.catchUp())
    this.following = next.catch(() => {})
    return next
  }

  private async catchUp(): Promise<void> {
    const { matrix, reader, modelId } = this
    const version = await reader.version(modelId)
    if (version === this.version) return
    if (matrix.size === 0) await this.loadAll()
    else {
      // A photo's embedding by a model never changes: both are known by their content.
      const ids = await reader.photoIds(modelId)
      const missing = [...ids.filter((id) => !matrix.has(id))]
      // Of those that are held, some have gone only if there are more than the library has of them.
      if (matrix.size > ids.length - missing.length) {
        const left = new Set(ids)
        matrix.remove([...matrix.keys()].filter((key) => !left.has(key)))
      }
      for (const some of chunks(missing)) {
        const found = await reader.getMany(modelId, some)
        this.add([...found].map(([key, vector]) => ({ key, vector })))
      }
    }
    this.version = version
  }

  private async loadAll(): Promise<void> {
    for await (const { photoIds, vectors } of this.reader.streamPages(this.modelId)) {
      this.matrix.upsert(normalizeBatch(photoIds, vectors, this.matrix.dim))
    }
  }

  private add(items: readonly VectorItem[]): void {
    this.matrix.upsert(packVectors(items, this.matrix.dim))
  }
}
