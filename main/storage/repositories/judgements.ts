/** What the user said of photos as results of queries. */
import type { Knex } from 'knex'
import { z } from 'zod'
import { chunks } from '../chunks.js'
import { integer } from '../codecs/integer.js'

const judgementSchema = z.enum(['match', 'no match'])
export type Judgement = z.infer<typeof judgementSchema>

const judgementRow = z.object({
  photoId: integer,
  query: z.string(),
  judgement: judgementSchema,
})
export type JudgedPhoto = z.infer<typeof judgementRow>

export function createJudgementRepository(connection: Knex) {
  const judgements = () => connection('judgements')
  return {
    /** Notes what was said; null takes it back. */
    async set(
      query: string,
      photoIds: readonly number[],
      judgement: Judgement | null,
      at: number,
    ): Promise<void> {
      for (const ids of chunks(photoIds)) {
        if (judgement === null) {
          await judgements().where({ query }).whereIn('photoId', ids).delete()
          continue
        }
        const rows = ids.map((photoId) => ({ photoId, query, judgement, at }))
        await judgements().insert(rows).onConflict(['photoId', 'query']).merge()
      }
    },

    /** What was said of these photos for one query, by photo. */
    async ofQuery(query: string, photoIds: readonly number[]): Promise<Map<number, Judgement>> {
      const found = new Map<number, Judgement>()
      for (const ids of chunks(photoIds)) {
        const rows: unknown = await judgements().where({ query }).whereIn('photoId', ids)
        for (const row of z.array(judgementRow).parse(rows)) found.set(row.photoId, row.judgement)
      }
      return found
    },

    /** All that was said of these photos, oldest first. */
    async ofPhotos(photoIds: readonly number[]): Promise<JudgedPhoto[]> {
      const found: JudgedPhoto[] = []
      for (const ids of chunks(photoIds)) {
        const rows: unknown = await judgements().whereIn('photoId', ids).orderBy('at')
        found.push(...z.array(judgementRow).parse(rows))
      }
      return found
    },
  }
}
