/** The values that stand in a library, with how many photos have each: what filters are completed with. */
import type { Knex } from 'knex'
import { z } from 'zod'
import { integer } from '../codecs/integer.js'
import { fileName, isLike, isNamed } from '../filters/condition.js'

const valueRow = z.object({ value: z.string(), count: integer })
export type LibraryValue = z.infer<typeof valueRow>

export type ValueKind = 'tag' | 'object' | 'camera' | 'type'

const sources = {
  tag: { table: 'tags', column: 'text', counted: 'photoId' },
  object: { table: 'objects', column: 'name', counted: 'photoId' },
  camera: { table: 'photos', column: 'camera', counted: 'id' },
  type: { table: 'photos', column: 'format', counted: 'id' },
} as const

const nameRow = z.object({ value: z.string() })
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

    /** Years in which photos were taken, their months or days once more is typed; the latest first. */
    async times(typed: string, limit: number): Promise<LibraryValue[]> {
      const parts = ['YYYY', 'YYYY-MM', 'YYYY-MM-DD']
      const { length } = parts.find((part) => typed.length < part.length) ?? parts.at(-1)!
      const rows: unknown = await connection('photos')
        .whereRaw('substr(takenAt, 1, ?) = ?', [typed.length, typed])
        .groupByRaw('substr(takenAt, 1, ?)', [length])
        .select(connection.raw('substr(takenAt, 1, ?) as ??', [length, 'value']))
        .count({ count: '*' })
        .orderBy('value', 'desc')
        .limit(limit)
      return z.array(valueRow).parse(rows)
    },

    /** Some names of files that hold the text: of "IMG" there may be as many as photos. */
    async names(text: string, limit: number): Promise<string[]> {
      const { sql, bindings } = isNamed(`*${text.replaceAll('*', '')}*`)
      const rows: unknown = await connection('files')
        .distinct(connection.raw(`${fileName} as ??`, ['value']))
        .where('state', 'present')
        .whereRaw(sql, [...bindings])
        .limit(limit)
      return z
        .array(nameRow)
        .parse(rows)
        .map(({ value }) => value)
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
