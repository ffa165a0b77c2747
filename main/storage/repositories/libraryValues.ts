/** The values that stand in a library, with how many photos have each: what filters are completed with. */
import type { Knex } from 'knex'
import { z } from 'zod'
import { integer } from '../codecs/integer.js'
import { isLike } from '../filters/condition.js'

const valueRow = z.object({ value: z.string(), count: integer })
export type LibraryValue = z.infer<typeof valueRow>

export type ValueKind = 'tag' | 'object' | 'camera' | 'type'

const sources = {
  tag: { table: 'tags', column: 'text', counted: 'photoId' },
  object: { table: 'objects', column: 'name', counted: 'photoId' },
  camera: { table: 'photos', column: 'camera', counted: 'id' },
  type: { table: 'photos', column: 'format', counted: 'id' },
} as const

const fileRow = z.object({ rootPath: z.string(), folders: z.string(), count: integer })

export function createLibraryValueRepository(connection: Knex) {
  return {
    /** Those that hold the text, the most frequent first. */
    async list(kind: ValueKind, text: string, limit: number): Promise<LibraryValue[]> {
      const { table, column, counted } = sources[kind]
      const { sql, bindings } = isLike(column, `*${text.replaceAll('*', '')}*`)
      const rows: unknown = await connection(table)
        .whereRaw(sql, [...bindings])
        .groupBy(column)
        .select(`${column} as value`)
        .countDistinct({ count: counted })
        .orderBy([{ column: 'count', order: 'desc' }, { column: 'value' }])
        .limit(limit)
      return z.array(valueRow).parse(rows)
    },

    /** Every folder that holds present files itself: below which root, and how many photos. */
    async folders(): Promise<z.infer<typeof fileRow>[]> {
      const rows: unknown = await connection('files')
        .join('roots', 'roots.id', 'files.rootId')
        .where('files.state', 'present')
        .groupBy('rootPath', 'folders')
        .select('roots.path as rootPath')
        .select(
          connection.raw(`rtrim(relativePath, replace(relativePath, '/', '')) as ??`, ['folders']),
        )
        .countDistinct({ count: 'files.photoId' })
      return z.array(fileRow).parse(rows)
    },
  }
}
