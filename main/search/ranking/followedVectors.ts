/** All vectors of a model in memory, kept up with the database. */
import { chunks } from '../../storage/chunks.js'
import type { EmbeddingReader } from '../../storage/openEmbeddingReader.js'
import { normalizeBatch, packVectors } from '../vectors/vectorBatch.js'
import { readVectorFile, writeVectorFile } from '../vectors/vectorFile.js'
import { VectorMatrix } from '../vectors/vectorMatrix.js'

export interface FollowedVectorsOptions {
  /** The model's row in the database. */
  readonly rowId: number
  readonly modelId: string
  readonly dim: number
  /** Where the vectors are kept flat, for the next start. */
  readonly path: string
  /** Of the model's embeddings, as the database tells it now. */
  readonly version: string
}

/** Fewer are read from the database as fast. */
const leastRows = 5_000
/** A library that is being indexed changes all the time; it is written once that is over. */
const calmMs = 10_000

/** Follows what is committed: nothing is loaded twice, however long an index job runs. */
export class FollowedVectors {
  readonly matrix: VectorMatrix
  private readonly options: FollowedVectorsOptions
  private readonly reader: () => Promise<EmbeddingReader>
  private version: string | null
  private writtenVersion: string | null
  private following: Promise<unknown> = Promise.resolve()
  private calm: NodeJS.Timeout | undefined

  /** @param reader opens the database, which a file that is up to date makes needless */
  constructor(options: FollowedVectorsOptions, reader: () => Promise<EmbeddingReader>) {
    const found = readVectorFile(options.path, options)
    this.options = options
    this.reader = reader
    this.matrix = found ?? new VectorMatrix(options.dim)
    this.version = found && options.version
    this.writtenVersion = this.version
  }

  /** Takes in what is new in this version; calls follow one another. */
  async follow(version: string): Promise<void> {
    // A search does not wait until the file of what it has already is written.
    if (version === this.version) return
    await this.inTurn(async () => {
      if (version === this.version) return
      await this.catchUp()
      this.version = version
      clearTimeout(this.calm)
      this.calm = setTimeout(() => void this.write(), calmMs).unref()
    })
  }

  /** Writes the file if it is behind. */
  async close(): Promise<void> {
    clearTimeout(this.calm)
    await this.write()
  }

  private inTurn(action: () => Promise<void>): Promise<void> {
    const next = this.following.then(action)
    this.following = next.catch(() => {})
    return next
  }

  private write(): Promise<void> {
    return this.inTurn(async () => {
      const { version, matrix, options } = this
      if (version === null || version === this.writtenVersion || matrix.size < leastRows) return
      this.writtenVersion = version
      // It only saves time: without room for it, search goes on as before.
      await writeVectorFile(options.path, { ...options, version }, matrix).catch(() => {})
    })
  }

  private async catchUp(): Promise<void> {
    const { matrix, options } = this
    const reader = await this.reader()
    if (matrix.size === 0) {
      for await (const { photoIds, vectors } of reader.streamPages(options.rowId)) {
        matrix.upsert(normalizeBatch(photoIds, vectors, options.dim))
      }
      return
    }
    // A photo's embedding by a model never changes: both are known by their content.
    const ids = await reader.photoIds(options.rowId)
    const missing = [...ids.filter((id) => !matrix.has(id))]
    // Of those that are held, some have gone only if there are more than the library has of them.
    if (matrix.size > ids.length - missing.length) {
      const left = new Set(ids)
      matrix.remove([...matrix.keys()].filter((key) => !left.has(key)))
    }
    for (const some of chunks(missing)) {
      const found = await reader.getMany(options.rowId, some)
      const items = [...found].map(([key, vector]) => ({ key, vector }))
      matrix.upsert(packVectors(items, options.dim))
    }
  }
}
