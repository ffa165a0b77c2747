/** The photos that can be shown, whole libraries at a time: those of which a file is present. */
import type { Knex } from 'knex'
import { z } from 'zod'
import type { Filter } from '../../../shared/query/query.js'
import { integer } from '../codecs/integer.js'
import { idsText, joinIds, numbersText } from '../codecs/numbersText.js'
import { type Condition, isPresent } from '../filters/condition.js'
import { conditions } from '../filters/table.js'

/** One column each over photos by rising id. */
export interface ShownColumns {
  readonly ids: Float64Array
  /** Width over height, in hundredths; 100 where it is not known. */
  readonly ratios: Float64Array
  /** Local time in seconds since 1970. */
  readonly seconds: Float64Array
}

/** Few enough that reading a page never holds up the process. */
const photosPerPage = 5_000

/** More changes than this are read no sooner than all photos. */
const mostChanged = 5_000

const isShown = `EXISTS (SELECT 1 FROM files WHERE ${isPresent})`
/** The columns of the photos that meet a condition. */
const columnsWhere = (condition: string) =>
  `SELECT group_concat(id) AS ids, group_concat(ratio) AS ratios, group_concat(seconds) AS seconds
  FROM (SELECT id,
      CASE WHEN width > 0 AND height > 0
        THEN CAST(round(100.0 * width / height) AS INTEGER) ELSE 100 END AS ratio,
      coalesce(unixepoch(takenAt), createdAt / 1000) AS seconds
    FROM photos WHERE ${condition} AND ${isShown} ORDER BY id LIMIT ?)`
const columnsRow = z.object({ ids: numbersText, ratios: numbersText, seconds: numbersText })
const pageRow = z.object({ ids: idsText })
const versionRow = z.object({ version: integer })
const changedRow = z.object({ oldest: integer, ids: idsText })

export function createShownPhotoRepository(connection: Knex) {
  return {
    /** A number that changes whenever the columns may have. */
    async version(): Promise<number> {
      return versionRow.parse(await connection('photoLog').max({ version: 'change' }).first())
        .version
    },

    /**
     * Ids, rising, of the photos that may differ from what they were in a version; some may not be
     * shown, or be gone. Null if that is too long ago, or there are too many.
     */
    async changedSince(version: number): Promise<Uint32Array | null> {
      const rows: unknown = await connection.raw(
        `SELECT (SELECT min(change) FROM photoLog) AS oldest, group_concat(photoId) AS ids
        FROM (SELECT DISTINCT photoId FROM photoLog WHERE change > ? AND photoId IS NOT NULL
          ORDER BY photoId LIMIT ?)`,
        [version, mostChanged + 1],
      )
      const { oldest, ids } = z.array(changedRow).parse(rows)[0]!
      return oldest > version + 1 || ids.length > mostChanged ? null : ids
    },

    /** The columns over those of some photos that are shown. */
    async columnsOf(ids: Uint32Array): Promise<ShownColumns> {
      const some = JSON.stringify([...ids])
      const rows: unknown = await connection.raw(
        columnsWhere('id IN (SELECT value FROM json_each(?))'),
        [some, ids.length],
      )
      return z.array(columnsRow).parse(rows)[0]!
    },

    async *columns(): AsyncGenerator<ShownColumns> {
      for (let after = 0; ; ) {
        const rows: unknown = await connection.raw(columnsWhere('id > ?'), [after, photosPerPage])
        const page = z.array(columnsRow).parse(rows)[0]!
        yield page
        if (page.ids.length < photosPerPage) return
        after = page.ids.at(-1)!
      }
    },

    /** Ids, rising, of the photos that every filter lets through; some may not be shown. */
    async matching(filters: readonly Filter[]): Promise<Uint32Array> {
      const { sql, bindings } = allOf(filters)
      const pages: Uint32Array[] = []
      for (let after = 0; ; ) {
        const rows: unknown = await connection.raw(
          `SELECT group_concat(id) AS ids FROM (
            SELECT id FROM photos WHERE id > ? AND ${sql} ORDER BY id LIMIT ?)`,
          [after, ...bindings, photosPerPage],
        )
        const { ids } = z.array(pageRow).parse(rows)[0]!
        pages.push(ids)
        if (ids.length < photosPerPage) return joinIds(pages)
        after = ids.at(-1)!
      }
    },
  }
}

function allOf(filters: readonly Filter[]): Condition {
  const each = filters.map(toCondition)
  return {
    sql: ['TRUE', ...each.map(({ sql }) => sql)].join(' AND '),
    bindings: each.flatMap(({ bindings }) => bindings),
  }
}

function toCondition(filter: Filter): Condition {
  const each = valueConditions(filter)
  const any = each.map(({ sql }) => `coalesce(${sql}, FALSE)`).join(' OR ')
  return {
    sql: filter.negated ? `NOT (${any})` : `(${any})`,
    bindings: each.flatMap(({ bindings }) => bindings),
  }
}

function valueConditions({ name, values }: Filter): Condition[] {
  // The table's functions take the values of their own name, which is the filter's.
  const toValueCondition = conditions[name] as (value: Filter['values'][number]) => Condition
  return values.map(toValueCondition)
}
