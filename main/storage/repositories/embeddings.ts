/** Embeddings of photos, per model version, with the pooled features they come from. */
import type { Knex } from 'knex'
import { z } from 'zod'
import { chunks } from '../chunks.js'
import { integer } from '../codecs/integer.js'
import { idsText, joinIds } from '../codecs/numbersText.js'
import {
  decodeFloat16Bits,
  decodeFloat32,
  encodeFloat16Bits,
  encodeFloat32,
} from '../codecs/vector.js'

export interface NewEmbedding {
  photoId: number
  /** [dim], of length 1. */
  embedding: Float32Array
  /** [hidden], bits of float16: the feature before the projection; null where a model has none. */
  pooled: Uint16Array | null
}

/** One row of a stream; the vector is [dim], of length 1. */
export interface StoredEmbedding {
  photoId: number
  vector: Float32Array
}

/** Many rows at once. */
export interface EmbeddingPage {
  readonly photoIds: Uint32Array<ArrayBuffer>
  /** [photoIds, dim], each of length 1. */
  readonly vectors: Float32Array<ArrayBuffer>
}

/** One row of a stream of pooled features; the vector is [hidden], bits of float16. */
export interface StoredPooled {
  photoId: number
  pooled: Uint16Array
}

const blobRow = z.object({ photoId: integer, blob: z.instanceof(Buffer) })
const rowsPerPage = 1_000
const pageRow = z.object({ ids: idsText, vectors: z.instanceof(Buffer).nullable() })
const idsRow = z.object({ ids: idsText })
const idsPerPage = 20_000

export function createEmbeddingRepository(connection: Knex) {
  const embeddings = () => connection('embeddings')

  async function blobs(query: Knex.QueryBuilder, column: 'embedding' | 'pooled') {
    return z.array(blobRow).parse(await query.select('photoId', `${column} as blob`))
  }

  async function* pages(modelId: number, column: 'embedding' | 'pooled', signal?: AbortSignal) {
    for (let after = 0; ; ) {
      signal?.throwIfAborted()
      const query = embeddings().where({ modelId }).where('photoId', '>', after)
      const rows = await blobs(
        query.whereNotNull(column).orderBy('photoId').limit(rowsPerPage),
        column,
      )
      yield* rows
      const last = rows.at(-1)
      if (!last || rows.length < rowsPerPage) return
      after = last.photoId
    }
  }

  async function bumpVersion(transaction: Knex, modelId: number): Promise<void> {
    await transaction('embeddingVersions')
      .insert({ modelId, version: 1 })
      .onConflict('modelId')
      .merge({ version: transaction.raw('?? + 1', ['embeddingVersions.version']) })
  }

  return {
    /** Adds or replaces embeddings, all or none, and drops the failures noted for those photos. */
    async saveMany(modelId: number, rows: readonly NewEmbedding[]): Promise<void> {
      if (rows.length === 0) return
      await connection.transaction(async (transaction) => {
        for (const some of chunks(rows)) {
          await transaction('embeddings')
            .insert(some.map((row) => toRow(modelId, row)))
            .onConflict(['modelId', 'photoId'])
            .merge()
          const photoIds = some.map((row) => row.photoId)
          await transaction('embeddingFailures')
            .where({ modelId })
            .whereIn('photoId', photoIds)
            .del()
        }
        await bumpVersion(transaction, modelId)
      })
    },

    /** Gives a model those of another model's embeddings that belong to these photos; all or none. */
    async copyMany(fromModelId: number, modelId: number, photoIds: readonly number[]) {
      if (photoIds.length === 0) return
      await connection.transaction(async (transaction) => {
        for (const ids of chunks(photoIds)) {
          const rows = transaction('embeddings')
            .where({ modelId: fromModelId })
            .whereIn('photoId', ids)
            .select(transaction.raw('?', [modelId]), 'photoId', 'embedding', 'pooled')
          const columns = ['embeddings', 'modelId', 'photoId', 'embedding', 'pooled']
          await transaction(transaction.raw('?? (??, ??, ??, ??)', columns)).insert(rows)
          await transaction('embeddingFailures').where({ modelId }).whereIn('photoId', ids).del()
        }
        await bumpVersion(transaction, modelId)
      })
    },

    /** All embeddings of a model by rising photo id, whole pages joined: the fastest way to read them. */
    async *streamPages(modelId: number): AsyncGenerator<EmbeddingPage> {
      for (let after = 0; ; ) {
        const page = embeddings().where({ modelId }).where('photoId', '>', after)
        const rows: unknown = await connection
          .from(
            page.orderBy('photoId').limit(rowsPerPage).select('photoId', 'embedding').as('page'),
          )
          .select(
            connection.raw('group_concat(??) as ??', ['photoId', 'ids']),
            // A text to SQLite on the way, whose bytes it leaves as they are.
            connection.raw(`cast(group_concat(??, '') as blob) as ??`, ['embedding', 'vectors']),
          )
        const { ids, vectors } = z.array(pageRow).parse(rows)[0]!
        if (vectors !== null) yield { photoIds: ids, vectors: decodeFloat32(vectors) }
        if (ids.length < rowsPerPage) return
        after = ids.at(-1)!
      }
    },

    /** All embeddings of a model by rising photo id, a page at a time. */
    async *stream(modelId: number, signal?: AbortSignal): AsyncGenerator<StoredEmbedding> {
      for await (const { photoId, blob } of pages(modelId, 'embedding', signal)) {
        yield { photoId, vector: decodeFloat32(blob) }
      }
    },

    /** All pooled features of a model by rising photo id, a page at a time. */
    async *streamPooled(modelId: number, signal?: AbortSignal): AsyncGenerator<StoredPooled> {
      for await (const { photoId, blob } of pages(modelId, 'pooled', signal)) {
        yield { photoId, pooled: decodeFloat16Bits(blob) }
      }
    },

    async getMany(
      modelId: number,
      photoIds: readonly number[],
    ): Promise<Map<number, Float32Array>> {
      const found = new Map<number, Float32Array>()
      for (const ids of chunks(photoIds)) {
        const query = embeddings().where({ modelId }).whereIn('photoId', ids)
        for (const row of await blobs(query, 'embedding')) {
          found.set(row.photoId, decodeFloat32(row.blob))
        }
      }
      return found
    },

    /** The photos that the model has embeddings of, by rising id. */
    async photoIds(modelId: number): Promise<Uint32Array> {
      const found: Uint32Array[] = []
      for (let after = 0; ; ) {
        const page = embeddings().where({ modelId }).where('photoId', '>', after)
        const rows: unknown = await connection
          .from(page.orderBy('photoId').limit(idsPerPage).select('photoId').as('page'))
          .select(connection.raw('group_concat(??) as ??', ['photoId', 'ids']))
        const { ids } = z.array(idsRow).parse(rows)[0]!
        found.push(ids)
        if (ids.length < idsPerPage) return joinIds(found)
        after = ids.at(-1)!
      }
    },

    /** Whether the model has any embedding: much quicker than counting them. */
    async any(modelId: number): Promise<boolean> {
      return (await embeddings().where({ modelId }).first('photoId')) !== undefined
    },

    async count(modelId: number): Promise<number> {
      const row: unknown = await embeddings().where({ modelId }).count({ count: '*' }).first()
      return z.object({ count: integer }).parse(row).count
    },

    /** What a model's embeddings take of the database. */
    async sizeBytes(modelId: number): Promise<number> {
      const row: unknown = await embeddings()
        .where({ modelId })
        .select(
          connection.raw('coalesce(sum(length(??) + coalesce(length(??), 0)), 0) as ??', [
            'embedding',
            'pooled',
            'bytes',
          ]),
        )
        .first()
      return z.object({ bytes: integer }).parse(row).bytes
    },

    /** A text that differs whenever the model's embeddings have changed: a cache's stamp. */
    async version(modelId: number): Promise<string> {
      const row: unknown = await connection('embeddingVersions').where({ modelId }).first('version')
      return String(z.object({ version: integer }).optional().parse(row)?.version ?? 0)
    },

    /** Drops a model's embeddings. */
    async deleteModel(modelId: number): Promise<void> {
      await connection.transaction(async (transaction) => {
        await transaction('embeddings').where({ modelId }).delete()
        await bumpVersion(transaction, modelId)
      })
    },
  }
}

function toRow(modelId: number, { photoId, embedding, pooled }: NewEmbedding) {
  return {
    modelId,
    photoId,
    embedding: encodeFloat32(embedding),
    pooled: pooled && encodeFloat16Bits(pooled),
  }
}
