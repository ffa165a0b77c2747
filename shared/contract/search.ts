/** Search by words, pictures and filters, in one language (shared/query). */
import { z } from 'zod'
import { photoIdSchema } from '../domain/photo.js'
import {
  completionSchema,
  hitReasonSchema,
  rankedPhotosSchema,
  searchOrderSchema,
} from '../domain/search.js'
import { call, handleSchema } from './base.js'

const querySchema = z.string().max(4_000)

export const search = {
  run: call
    .input(
      z.object({
        query: querySchema,
        order: searchOrderSchema,
        /** The active one for null. */
        model: z.string().nullable(),
      }),
    )
    .output(rankedPhotosSchema),

  explain: call
    .input(
      z.object({
        query: querySchema,
        ids: z.array(photoIdSchema).max(500),
        /** The active one if not given. */
        model: z.string().nullable().default(null),
      }),
    )
    .output(z.array(hitReasonSchema)),

  complete: call
    .input(z.object({ text: querySchema, cursor: z.number().int().min(0) }))
    .output(z.array(completionSchema)),

  /** Puts a query into the history: one that a person meant, not one they were still typing. */
  remember: call.input(z.object({ query: querySchema })).output(z.void()),

  history: call.output(z.array(z.object({ query: z.string(), at: z.string() }))),

  /** Forgets one query, or all of them. */
  forget: call.input(z.object({ query: querySchema.nullable() })).output(z.void()),

  /** "Good match" or "not a match", kept as something to learn from; null takes it back. */
  judge: call
    .input(
      z.object({
        query: querySchema,
        ids: z.array(photoIdSchema).min(1).max(10_000),
        judgement: z.enum(['match', 'no match']).nullable(),
      }),
    )
    .output(z.void()),

  /** A picture file of the host as a term for a query: `picture:<the id given>`. */
  addPicture: call
    .input(z.object({ file: handleSchema }))
    .output(z.object({ picture: z.string() })),
}
