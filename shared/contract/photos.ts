/** The photos themselves: what there is, what is known of each, what a person says of them. */
import { z } from 'zod'
import {
  matchMapSchema,
  photoColumnsSchema,
  photoDetailSchema,
  photoIdSchema,
  photoSummarySchema,
  wordSuggestionSchema,
} from '../domain/photo.js'
import { similarPhotoSchema } from '../domain/search.js'
import { call } from './base.js'

const manyIds = z.array(photoIdSchema).min(1).max(100_000)
const textSchema = z.string().trim().min(1).max(2_000)
const wordsSchema = z.object({
  captions: z.array(textSchema).max(100),
  tags: z.array(textSchema).max(100),
})

export const photos = {
  /** Every photo that has a file, present or on a folder that is offline. */
  timeline: call.input(z.object({ order: z.enum(['newest', 'oldest']) })).output(
    photoColumnsSchema.extend({
      /** The library's name in addresses of pictures. */
      library: z.string(),
    }),
  ),

  summaries: call
    .input(z.object({ ids: z.array(photoIdSchema).max(500) }))
    .output(z.array(photoSummarySchema)),

  get: call.input(z.object({ id: photoIdSchema })).output(photoDetailSchema),

  /** Adds and removes the user's captions and tags, on one photo or many. */
  editWords: call
    .input(z.object({ ids: manyIds, add: wordsSchema, remove: wordsSchema }))
    .output(z.void()),

  /** Writes captions and tags into the files or beside them, in a job; only ever when asked. */
  writeXmp: call.input(z.object({ ids: manyIds })).output(z.object({ job: z.number().int() })),

  suggestWords: call
    .input(z.object({ id: photoIdSchema, limit: z.number().int().min(1).max(100) }))
    .output(z.array(wordSuggestionSchema)),

  similar: call
    .input(z.object({ id: photoIdSchema, limit: z.number().int().min(1).max(1_000) }))
    .output(z.array(similarPhotoSchema)),

  /** Where in the picture the words match; null for encoders that do not tell. */
  matchMap: call
    .input(z.object({ id: photoIdSchema, words: textSchema }))
    .output(matchMapSchema.nullable()),
}
