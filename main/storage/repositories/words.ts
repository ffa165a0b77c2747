/** Captions and tags of photos, with where each comes from. */
import type { Knex } from 'knex'
import { z } from 'zod'
import { chunks } from '../chunks.js'
import { integer } from '../codecs/integer.js'

const wordRow = z.object({
  photoId: integer,
  text: z.string(),
  /** 'user', 'file', 'metadata', ... */
  source: z.string(),
})
export type PhotoWords = z.infer<typeof wordRow>

export function createWordRepository(connection: Knex, table: 'captions' | 'tags') {
  return {
    async ofPhotos(photoIds: readonly number[]): Promise<PhotoWords[]> {
      const found: PhotoWords[] = []
      for (const ids of chunks(photoIds)) {
        const rows: unknown = await connection(table).whereIn('photoId', ids).orderBy('id')
        found.push(...z.array(wordRow).parse(rows))
      }
      return found
    },

    /** Different texts, those of the most photos first. */
    async mostUsed(limit: number): Promise<string[]> {
      const rows: unknown = await connection(table)
        .groupBy('text')
        .select('text')
        .orderByRaw('count(*) desc, text')
        .limit(limit)
      return z
        .array(wordRow.pick({ text: true }))
        .parse(rows)
        .map((row) => row.text)
    },

    async addMany(words: readonly PhotoWords[]): Promise<void> {
      for (const some of chunks(words)) {
        await connection(table).insert(some).onConflict(['photoId', 'source', 'text']).ignore()
      }
    },

    /** Takes words away from photos, whoever said them. */
    async removeTexts(photoIds: readonly number[], texts: readonly string[]): Promise<void> {
      for (const some of chunks(texts)) {
        await connection(table).whereIn('photoId', photoIds).whereIn('text', some).delete()
      }
    },

    /** Replaces what `source` said of a photo. */
    async replace(photoId: number, source: string, texts: readonly string[]): Promise<void> {
      await connection(table).where({ photoId, source }).delete()
      await this.addMany(texts.map((text) => ({ photoId, source, text })))
    },
  }
}
