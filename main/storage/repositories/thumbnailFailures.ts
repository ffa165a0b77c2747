/** Photos that cannot be drawn, with the decoder that said so. */
import type { Knex } from 'knex'
import { z } from 'zod'
import { integer } from '../codecs/integer.js'

const pageRow = z.object({ id: integer, contentHash: z.string() })

export interface ThumbnailFailure {
  readonly photoId: number
  readonly reason: string
  readonly decoderVersion: string
}

export function createThumbnailFailureRepository(connection: Knex) {
  const failures = () => connection('thumbnailFailures')
  return {
    async save(failure: ThumbnailFailure): Promise<void> {
      await failures().insert(failure).onConflict('photoId').merge()
    },

    async forgetAll(): Promise<void> {
      await failures().delete()
    },

    /** Photos by rising id that this decoder has not failed on. */
    async drawable(decoderVersion: string, after: number, limit: number) {
      const failed = failures().where({ decoderVersion }).select('photoId')
      const rows: unknown = await connection('photos')
        .where('id', '>', after)
        .whereNotIn('id', failed)
        .orderBy('id')
        .limit(limit)
        .select('id', 'contentHash')
      return z.array(pageRow).parse(rows)
    },
  }
}
