/** What could not be used: files that could not be read, and photos that a model could not encode. */
import type { Knex } from 'knex'
import { z } from 'zod'
import { integer } from '../codecs/integer.js'

const failureRow = z.object({ rootPath: z.string(), relativePath: z.string(), reason: z.string() })
export type Failure = z.infer<typeof failureRow>

const groupRow = z.object({ reason: z.string(), count: integer })
export type FailureGroup = z.infer<typeof groupRow>

/** Of which model, and of those all, or those in one root or for one reason. */
export interface FailureFilter {
  /** Null where none is active: then no photo has failed. */
  readonly modelId: number | null
  readonly rootId?: number | null
  readonly reason?: string | null
}

export function createFailureRepository(connection: Knex) {
  /** The file that a photo is named by: the first of those that are there, in a root that is online if any is. */
  const bestFile = () =>
    connection('files as place')
      .join('roots as home', 'home.id', 'place.rootId')
      .whereRaw('?? = ??', ['place.photoId', 'embeddingFailures.photoId'])
      .where('place.state', 'present')
      .orderBy([{ column: 'home.state', order: 'desc' }, { column: 'place.id' }])
      .limit(1)
      .select('place.id')

  /** Each failure once; a photo that stands nowhere is left out. */
  function failed({ modelId, rootId = null, reason = null }: FailureFilter): Knex.QueryBuilder {
    const unread = connection('files')
      .where({ state: 'failed' })
      .select(
        'id as fileId',
        connection.raw("coalesce(??, 'unknown') as ??", ['errorReason', 'reason']),
      )
    const unencoded = connection('embeddingFailures')
      .where({ modelId })
      .select(bestFile().as('fileId'), 'reason')
    const found = connection
      .from(unread.unionAll(unencoded).as('failed'))
      .join('files', 'files.id', 'failed.fileId')
      .join('roots', 'roots.id', 'files.rootId')
    if (rootId !== null) found.where({ rootId })
    if (reason !== null) found.where({ reason })
    return found
  }

  return {
    async count(filter: FailureFilter): Promise<number> {
      const row: unknown = await failed(filter).count({ count: '*' }).first()
      return z.object({ count: integer }).parse(row).count
    },

    /** How many failed for each reason, the most frequent first. */
    async countByReason(filter: FailureFilter): Promise<FailureGroup[]> {
      const rows: unknown = await failed(filter)
        .groupBy('reason')
        .select('reason')
        .count({ count: '*' })
        .orderBy([{ column: 'count', order: 'desc' }, { column: 'reason' }])
      return z.array(groupRow).parse(rows)
    },

    /** One page, in the order of their paths. */
    async list(
      filter: FailureFilter,
      { offset = 0, limit }: { readonly offset?: number; readonly limit: number },
    ): Promise<Failure[]> {
      const rows: unknown = await failed(filter)
        .orderBy(['roots.path', 'relativePath'])
        .offset(offset)
        .limit(limit)
        .select('roots.path as rootPath', 'relativePath', 'reason')
      return z.array(failureRow).parse(rows)
    },
  }
}
