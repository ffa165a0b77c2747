/** Teaching a model with photos of the library. */
import { z } from 'zod'
import { packedSchema } from './packed.js'
import { photoIdSchema } from './photo.js'
import { retrievalReportSchema } from './training.js'

/** Which photos to learn from. */
export const teachSourceSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('library') }),
  z.object({ kind: z.literal('folders'), roots: z.array(z.number().int()).min(1) }),
  z.object({ kind: z.literal('search'), query: z.string().min(1).max(4_000) }),
  z.object({ kind: z.literal('photos'), ids: z.array(photoIdSchema).min(1).max(100_000) }),
])
export type TeachSource = z.infer<typeof teachSourceSchema>

/** Which words count as what a photo shows. */
export const teachWordsSchema = z.object({
  captions: z.boolean(),
  tags: z.boolean(),
  names: z.boolean(),
  /** Queries for which the user called the photo a good match. */
  judgements: z.boolean(),
})
export type TeachWords = z.infer<typeof teachWordsSchema>

/**
 * How a model is taught: an adapter on what it makes of photos and words, its insides by low-rank
 * changes, or a new model from nothing.
 */
export const teachMethodSchema = z.enum(['quick', 'deep', 'scratch'])
export type TeachMethod = z.infer<typeof teachMethodSchema>

/** Seconds that a lesson takes about, on this machine and with the model in use, where it can be told. */
export const teachEstimateSchema = z.object({ quick: z.number(), scratch: z.number() })
export type TeachEstimate = z.infer<typeof teachEstimateSchema>

export const teachPairSchema = z.object({ photoId: photoIdSchema, captions: z.array(z.string()) })
export type TeachPair = z.infer<typeof teachPairSchema>

export const teachPreviewSchema = z.object({
  /** Photos of the source, and those of them that have words. */
  photos: z.number().int(),
  pairs: z.number().int(),
  /** The photos of all pairs; `teach.pairs` tells their words. */
  ids: packedSchema,
  /** Of the pairs, those that would be held out to measure by. */
  heldOut: z.number().int(),
  /** Photos with words of each kind. */
  byWords: z.object({
    captions: z.number().int(),
    tags: z.number().int(),
    names: z.number().int(),
    judgements: z.number().int(),
  }),
  /** Some of the pairs, from all over the source. */
  examples: z.array(teachPairSchema),
  /** Sentences about what will hold it back, such as too few pairs; the first one that forbids it. */
  warnings: z.array(z.string()),
  possible: z.boolean(),
})
export type TeachPreview = z.infer<typeof teachPreviewSchema>

/**
 * Points of a run's curves: losses at steps, and recall at ten in 0..1 on photos kept out of training.
 * A `quick` or `deep` run chooses by its curve, so that one is of validation photos; the held-out ones, which
 * `before` and `after` are measured on, are left for the end. Of `scratch` it is held-out recall.
 */
export const teachCurvesSchema = z.object({
  loss: z.array(z.object({ step: z.number().int(), value: z.number() })),
  recall: z.array(
    z.object({ step: z.number().int(), textToImage: z.number(), imageToText: z.number() }),
  ),
  chance: z.number().nullable(),
})
export type TeachCurves = z.infer<typeof teachCurvesSchema>

/** A held-out photo and its words, before and after. */
export const teachExampleSchema = z.object({
  photoId: photoIdSchema,
  words: z.string(),
  /**
   * The place of the photo among all held-out photos when its words are searched, from 1. Others with
   * the same words do not count against it.
   */
  rankBefore: z.number().int(),
  rankAfter: z.number().int(),
  /** The photos found first. */
  topBefore: z.array(photoIdSchema),
  topAfter: z.array(photoIdSchema),
})
export type TeachExample = z.infer<typeof teachExampleSchema>

export const teachRunSchema = z.object({
  job: z.number().int(),
  /** Name of the model that it makes. */
  name: z.string(),
  method: teachMethodSchema,
  /** `decide`: done, and waiting to be kept or discarded. */
  state: z.enum(['running', 'paused', 'decide', 'kept', 'discarded', 'failed', 'cancelled']),
  pairs: z.number().int(),
  heldOut: z.number().int(),
  curves: teachCurvesSchema,
  /** Of the model it began from; null for `scratch`, and until it is known. */
  before: retrievalReportSchema.nullable(),
  after: retrievalReportSchema.nullable(),
  examples: z.array(teachExampleSchema),
  /** Id of the model, once there is one. */
  model: z.string().nullable(),
  startedAt: z.string(),
})
export type TeachRun = z.infer<typeof teachRunSchema>
