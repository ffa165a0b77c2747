/** Photos that cannot be drawn, with the decoder that said so. */
import type { Knex } from 'knex'
import { z } from 'zod'
import { integer } from '../codecs/integer.js'

const drawableRow = z.object({ id: integer, contentHash: z.string() })

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

    /** Photos that this decoder has not failed on, of those whose hash begins with `prefix`. */
    async drawable(decoderVersion: string, prefix: string) {
      const failed = failures().where({ decoderVersion }).select('photoId')
      const rows: unknown = await connection('photos')
        // A range, for which the index serves; `g` comes after all hexadecimal digits.
        .whereBetween('contentHash', [prefix, `${prefix}g`])
        .whereNotIn('id', failed)
        .select('id', 'contentHash')
      return z.array(drawableRow).parse(rows)
    },
  }
}
