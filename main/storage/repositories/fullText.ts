/** Photos by the words in their names, folders, captions and tags; triggers keep the text current. */
import type { Knex } from 'knex'
import { z } from 'zod'
import { chunks } from '../chunks.js'
import { integer } from '../codecs/integer.js'
import { idsText } from '../codecs/numbersText.js'

/** What is looked for: photos whose text holds every phrase of `all` and none of `none`. */
export interface TextQuery {
  /** Each one or more words that follow one another. */
  readonly all: readonly string[]
  readonly none: readonly string[]
}

const idRow = z.object({ photoId: integer })
const packedRow = z.object({ ids: idsText })
/** How much a hit in each column counts: what people say of a photo more than where it lies. */
const columnWeights = '2.0, 1.0, 3.0, 4.0'
/** Among more hits the order tells nothing, and takes long to find. */
const rankedHits = 20_000

export function createFullTextRepository(connection: Knex) {
  async function ids(match: string, order: string, limit: number): Promise<Uint32Array> {
    const rows: unknown = await connection.raw(
      `SELECT group_concat(rowid) AS ids FROM (
        SELECT rowid FROM photoText WHERE photoText MATCH ? ${order} LIMIT ?)`,
      [match, limit],
    )
    return z.array(packedRow).parse(rows)[0]?.ids ?? new Uint32Array()
  }

  return {
    /** Ids of photos, best first; of very many in no order. */
    async search(query: TextQuery): Promise<Uint32Array> {
      const match = toMatch(query)
      if (match === null) return new Uint32Array()
      const some = await ids(match, '', rankedHits)
      if (some.length < rankedHits) {
        return ids(match, `ORDER BY bm25(photoText, ${columnWeights}), rowid`, rankedHits)
      }
      return ids(match, '', -1)
    },

    /** Of the given photos, those whose text holds the phrase. */
    async among(photoIds: readonly number[], phrase: string): Promise<Set<number>> {
      const match = toMatch({ all: [phrase], none: [] })
      const found = new Set<number>()
      if (match === null) return found
      for (const some of chunks(photoIds)) {
        const rows: unknown = await connection('photoText')
          .whereRaw('photoText MATCH ?', [match])
          .whereIn('rowid', some)
          .select('rowid as photoId')
        const parsed = z.array(idRow).parse(rows)
        for (const { photoId } of parsed) found.add(photoId)
      }
      return found
    },
  }
}

/**
 * FTS5's syntax for a query; every phrase is quoted, so that none of its characters is syntax. Null
 * where there is no word to look for, as in "???".
 */
function toMatch({ all, none }: TextQuery): string | null {
  const wanted = all.filter(hasWord).map(quote)
  const unwanted = none.filter(hasWord).map(quote)
  if (wanted.length === 0) return null
  const positive = wanted.join(' AND ')
  return unwanted.length === 0 ? positive : `(${positive}) NOT (${unwanted.join(' OR ')})`
}

function hasWord(phrase: string): boolean {
  return /[\p{L}\p{N}\p{Co}]/u.test(phrase)
}

/** A zero byte would end the text for SQLite. */
function quote(phrase: string): string {
  return `"${phrase.replaceAll('\0', ' ').replaceAll('"', '""')}"`
}
