/** Photos by the words in their names, folders, captions and tags; triggers keep the text current. */
import type { Knex } from 'knex'
import { z } from 'zod'
import { chunks } from '../chunks.js'
import { integer } from '../codecs/integer.js'
import { idsText } from '../codecs/numbersText.js'
import { type Condition, holds, isUnspaced, joinConditions, weightOf } from './unspacedText.js'

/** What is looked for: photos whose text holds every phrase of `all` and none of `none`. */
export interface TextQuery {
  /** Each one or more words that follow one another. */
  readonly all: readonly string[]
  readonly none: readonly string[]
  /** Whether the last one of `all` may be the beginning of a word, since somebody is typing it. */
  readonly unfinished: boolean
}

const packedRow = z.object({ ids: idsText })
/**
 * How much a hit in each column counts: what people say of a photo more than where it lies. In the
 * order of the table's columns.
 */
const weights = { name: 2, folders: 1, captions: 3, tags: 4 }
const byWords = `bm25(photoText, ${Object.values(weights).join(', ')})`
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

  async function ids(
    { sql, values }: Condition,
    order: Condition | null,
    limit: number,
  ): Promise<Uint32Array> {
    const sorting = order === null ? '' : `ORDER BY ${order.sql}, rowid`
    const rows: unknown = await connection.raw(
      `SELECT group_concat(rowid) AS ids FROM (
        SELECT rowid FROM photoText WHERE ${sql} ${sorting} LIMIT ?)`,
      [...values, ...(order?.values ?? []), limit],
    )
    return z.array(packedRow).parse(rows)[0]?.ids ?? new Uint32Array()
  }

  /** Each phrase as FTS5 has it. A last word that no photo has is taken for a beginning. */
  async function finish({ all, none, unfinished }: TextQuery): Promise<Phrases> {
    const phrases = all.filter(hasWord)
    const wanted = phrases.filter((phrase) => !isUnspaced(phrase)).map(quote)
    const others = none.filter(hasWord)
    const rest = {
      unwanted: others.filter((phrase) => !isUnspaced(phrase)).map(quote),
      within: phrases.filter(isUnspaced).map(withoutZero),
      notWithin: others.filter(isUnspaced).map(withoutZero),
    }
    const last = phrases.at(-1) ?? ''
    const begins = unfinished && last.length >= leastBeginning && !isUnspaced(last)
    if (!begins || (await ids(matching(wanted.at(-1)!), null, 1)).length > 0) {
      return { wanted, ...rest }
    }
    return { wanted: [...wanted.slice(0, -1), `${wanted.at(-1)}*`], ...rest }
  }

  return {
    /** Ids of photos, best first; of very many in no order. */
    async search(query: TextQuery): Promise<Uint32Array> {
      const phrases = await finish(query)
      const condition = toCondition(phrases)
      if (condition === null) return new Uint32Array()
      if (phrases.wanted.length === 0) return ids(condition, orderOf(phrases), -1)
      const some = await ids(condition, null, rankedHits)
      if (some.length < rankedHits) return ids(condition, orderOf(phrases), rankedHits)
      return ids(condition, null, -1)
    },

    /** Of the given photos, the names, captions and tags in which any of `all` stands. */
    async matches(
      photoIds: readonly number[],
      query: TextQuery,
    ): Promise<Map<number, TextMatch[]>> {
      const { wanted, within } = await finish(query)
      const found = new Map<number, TextMatch[]>()
      const note = (rows: unknown, isMatch: (text: string) => boolean) => {
        for (const { photoId, ...columns } of z.array(markedRow).parse(rows)) {
          const texts = [
            ...textsOf('tag', columns.tags, isMatch),
            ...textsOf('caption', columns.captions, isMatch),
            ...textsOf('name', columns.name, isMatch),
            ...textsOf('name', columns.folders, isMatch),
          ]
          const known = found.get(photoId) ?? []
          const isNew = (told: TextMatch) => !known.some((one) => one.text === told.text)
          found.set(photoId, [...known, ...texts.filter(isNew)])
        }
      }
      const textsOfPhotos = (condition: Condition, some: readonly number[]) =>
        connection('photoText')
          .whereRaw(condition.sql, [...condition.values])
          .whereIn('rowid', some)
      for (const some of chunks(photoIds)) {
        if (wanted.length > 0) {
          const rows = textsOfPhotos(matching(wanted.join(' OR ')), some)
          note(await rows.select('rowid as photoId', ...marked), (text) => text.includes(mark))
        }
        if (within.length > 0) {
          const rows = textsOfPhotos(joinConditions(within.map(holds), ' OR '), some)
          const plain = ['rowid as photoId', 'name', 'folders', 'captions', 'tags']
          const holdsAny = (text: string) => within.some((phrase) => text.includes(phrase))
          note(await rows.select(...plain), holdsAny)
        }
      }
      return found
    },
  }
}

interface Phrases {
  /** In FTS5's syntax. */
  readonly wanted: readonly string[]
  readonly unwanted: readonly string[]
  /** Of writing without spaces, as they are. */
  readonly within: readonly string[]
  readonly notWithin: readonly string[]
}

function matching(match: string): Condition {
  return { sql: 'photoText MATCH ?', values: [match] }
}

/**
 * In FTS5's syntax every phrase is quoted, so that none of its characters is syntax. Null where there
 * is no word to look for, as in "???".
 */
function toCondition({ wanted, unwanted, within, notWithin }: Phrases): Condition | null {
  if (wanted.length + within.length === 0) return null
  const none = unwanted.join(' OR ')
  const words: Condition[] = []
  if (wanted.length > 0) {
    const positive = wanted.join(' AND ')
    words.push(matching(none === '' ? positive : `(${positive}) NOT (${none})`))
  } else if (none !== '') {
    const sql = 'rowid NOT IN (SELECT rowid FROM photoText WHERE photoText MATCH ?)'
    words.push({ sql, values: [none] })
  }
  const without = notWithin.map(holds).map(({ sql, values }) => ({ sql: `NOT (${sql})`, values }))
  return joinConditions([...words, ...within.map(holds), ...without], ' AND ')
}

/** Best first: by words where there are any. */
function orderOf({ wanted, within }: Phrases): Condition {
  if (wanted.length > 0) return { sql: byWords, values: [] }
  const { sql, values } = joinConditions(
    within.map((phrase) => weightOf(phrase, weights)),
    ' + ',
  )
  return { sql: `${sql} DESC`, values }
}

function textsOf(
  kind: TextMatch['kind'],
  column: string | null,
  isMatch: (text: string) => boolean,
): TextMatch[] {
  const texts = column?.split(separator).filter(isMatch) ?? []
  return texts.map((text) => ({ kind, text: text.replaceAll(mark, '') }))
}

function hasWord(phrase: string): boolean {
  return /[\p{L}\p{N}\p{Co}]/u.test(phrase)
}

function quote(phrase: string): string {
  return `"${withoutZero(phrase).replaceAll('"', '""')}"`
}

/** A zero byte would end the text for SQLite. */
function withoutZero(phrase: string): string {
  return phrase.replaceAll('\0', ' ')
}
