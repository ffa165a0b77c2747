/** What a search comes to. */
import { z } from 'zod'
import { packedSchema } from './packed.js'
import { photoColumnsSchema, photoIdSchema } from './photo.js'

export const searchOrderSchema = z.enum(['relevance', 'newest', 'oldest'])
export type SearchOrder = z.infer<typeof searchOrderSchema>

/** A part of the query that means nothing or cannot be met, by its place in the text. */
export const queryProblemSchema = z.object({
  start: z.number().int(),
  end: z.number().int(),
  message: z.string(),
})
export type QueryProblem = z.infer<typeof queryProblemSchema>

/** The photos that a query leaves, in order. */
export const rankedPhotosSchema = photoColumnsSchema.extend({
  /** The library's name in addresses of pictures. */
  library: z.string(),
  model: z.string(),
  /** Photos that were compared. */
  searched: z.number().int(),
  durationMs: z.number(),
  problems: z.array(queryProblemSchema),
  /** Language of the words, if the model surely does not understand it; null otherwise. */
  unknownLanguage: z.string().nullable(),
  /** How many photos follow, best or newest first: all that the filters let through. */
  total: z.number().int(),
  /** Calibrated relevance in thousandths, per photo; empty if the query has filters alone. */
  relevances: packedSchema,
  /** `matches`: some are good. `weak`: none is, but some might do. `nothing`: none fits. `all`: filters alone. */
  verdict: z.enum(['matches', 'weak', 'nothing', 'all']),
  /** In order of relevance, how many stand above the line below which matches are weak. */
  strong: z.number().int(),
})
export type RankedPhotos = z.infer<typeof rankedPhotosSchema>

/** Why a photo is among the results. */
export const hitReasonSchema = z.object({
  photoId: photoIdSchema,
  /** Cosine similarity of query and picture, -1 to 1; null without an embedding or without words. */
  similarity: z.number().nullable(),
  /** Calibrated, 0 to 1. */
  relevance: z.number().nullable(),
  /**
   * Words of the query that stand in a name, caption or tag, with the text in which they stand, and
   * things of the query that it shows, such as "2 dogs".
   */
  matched: z.array(
    z.object({ kind: z.enum(['name', 'caption', 'tag', 'object']), text: z.string() }),
  ),
  /** What the user said of this photo for this query. */
  judgement: z.enum(['match', 'no match']).nullable(),
})

/** A photo that resembles another. */
export const similarPhotoSchema = z.object({
  photoId: photoIdSchema,
  similarity: z.number(),
  relevance: z.number(),
})

export const completionSchema = z.object({
  /** The part of the text that it replaces. */
  start: z.number().int(),
  end: z.number().int(),
  insert: z.string(),
  label: z.string(),
  kind: z.enum(['filter', 'value', 'tag', 'object', 'history']),
  /** Photos that it would leave, where that is known. */
  count: z.number().int().nullable(),
})
export type Completion = z.infer<typeof completionSchema>

/** One hit with its files, for lists and scripts. */
export const searchHitSchema = z.object({
  rank: z.number().int(),
  photoId: photoIdSchema,
  path: z.string(),
  /** Further paths at which the same content stands. */
  otherPaths: z.array(z.string()),
  /** Cosine similarity of query and picture, -1 to 1; 0 if only words matched. */
  score: z.number(),
  offline: z.boolean(),
})
export type SearchHit = z.infer<typeof searchHitSchema>

export const searchResultSchema = z.object({
  model: z.string(),
  searched: z.number().int(),
  durationMs: z.number(),
  hits: z.array(searchHitSchema),
})
export type SearchResult = z.infer<typeof searchResultSchema>
