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
  /** Whether the last one of `all` may be the beginning of a word, since somebody is typing it. */
  readonly unfinished: boolean
}

const packedRow = z.object({ ids: idsText })
/** How much a hit in each column counts: what people say of a photo more than where it lies. */
const columnWeights = '2.0, 1.0, 3.0, 4.0'
/** Among more hits the order tells nothing, and takes long to find. */
const rankedHits = 20_000

/** Every library has words that begin with one letter. */
const leastBeginning = 2

/** Where a word that was looked for begins, and what stands between the texts of a column. */
const mark = '\u0002'
const separator = '\u001f'

export interface TextMatch {
  readonly kind: 'name' | 'caption' | 'tag'
  readonly text: string
}

const markedRow = z.object({
  photoId: integer,
  name: z.string().nullable(),
  folders: z.string().nullable(),
  captions: z.string().nullable(),
  tags: z.string().nullable(),
})

export function createFullTextRepository(connection: Knex) {
  const marked = ['name', 'folders', 'captions', 'tags'].map((column, index) =>
    connection.raw(`highlight(photoText, ${index}, ?, '') as ??`, [mark, column]),
  )

  async function ids(match: string, order: string, limit: number): Promise<Uint32Array> {
    const rows: unknown = await connection.raw(
      `SELECT group_concat(rowid) AS ids FROM (
        SELECT rowid FROM photoText WHERE photoText MATCH ? ${order} LIMIT ?)`,
      [match, limit],
    )
    return z.array(packedRow).parse(rows)[0]?.ids ?? new Uint32Array()
  }

  /** Each phrase as FTS5 has it. A last word that no photo has is taken for a beginning. */
  async function finish({ all, none, unfinished }: TextQuery): Promise<Phrases> {
    const phrases = all.filter(hasWord)
    const wanted = phrases.map(quote)
    const unwanted = none.filter(hasWord).map(quote)
    const begins = unfinished && (phrases.at(-1)?.length ?? 0) >= leastBeginning
    if (!begins || (await ids(wanted.at(-1)!, '', 1)).length > 0) return { wanted, unwanted }
    return { wanted: [...wanted.slice(0, -1), `${wanted.at(-1)}*`], unwanted }
  }

  return {
    /** Ids of photos, best first; of very many in no order. */
    async search(query: TextQuery): Promise<Uint32Array> {
      const match = toMatch(await finish(query))
      if (match === null) return new Uint32Array()
      const some = await ids(match, '', rankedHits)
      if (some.length < rankedHits) {
        return ids(match, `ORDER BY bm25(photoText, ${columnWeights}), rowid`, rankedHits)
      }
      return ids(match, '', -1)
    },

    /** Of the given photos, the names, captions and tags in which any of `all` stands. */
    async matches(
      photoIds: readonly number[],
      query: TextQuery,
    ): Promise<Map<number, TextMatch[]>> {
      const match = (await finish(query)).wanted.join(' OR ')
      const found = new Map<number, TextMatch[]>()
      if (match === '') return found
      for (const some of chunks(photoIds)) {
        const rows: unknown = await connection('photoText')
          .whereRaw('photoText MATCH ?', [match])
          .whereIn('rowid', some)
          .select('rowid as photoId', ...marked)
        for (const { photoId, ...columns } of z.array(markedRow).parse(rows)) {
          found.set(photoId, [
            ...textsWithMark('tag', columns.tags),
            ...textsWithMark('caption', columns.captions),
            ...textsWithMark('name', columns.name),
            ...textsWithMark('name', columns.folders),
          ])
        }
      }
      return found
    },
  }
}

interface Phrases {
  readonly wanted: readonly string[]
  readonly unwanted: readonly string[]
}

/**
 * FTS5's syntax for a query; every phrase is quoted, so that none of its characters is syntax. Null
 * where there is no word to look for, as in "???".
 */
function toMatch({ wanted, unwanted }: Phrases): string | null {
  if (wanted.length === 0) return null
  const positive = wanted.join(' AND ')
  return unwanted.length === 0 ? positive : `(${positive}) NOT (${unwanted.join(' OR ')})`
}

function textsWithMark(kind: TextMatch['kind'], column: string | null): TextMatch[] {
  const texts = column?.split(separator).filter((text) => text.includes(mark)) ?? []
  return texts.map((text) => ({ kind, text: text.replaceAll(mark, '') }))
}

function hasWord(phrase: string): boolean {
  return /[\p{L}\p{N}\p{Co}]/u.test(phrase)
}

/** A zero byte would end the text for SQLite. */
function quote(phrase: string): string {
  return `"${phrase.replaceAll('\0', ' ').replaceAll('"', '""')}"`
}
