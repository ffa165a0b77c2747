/** Learning from the library's own photos. */
import { z } from 'zod'
import { photoIdSchema } from '../domain/photo.js'
import {
  teachEstimateSchema,
  teachMethodSchema,
  teachPairSchema,
  teachPreviewSchema,
  teachRunSchema,
  teachSourceSchema,
  teachWordsSchema,
} from '../domain/teaching.js'
import { call } from './base.js'

const lesson = z.object({ source: teachSourceSchema, words: teachWordsSchema })
const run = z.object({ job: z.number().int() })

export const teach = {
  /** What would be learned from, before anything is. */
  preview: call.input(lesson).output(teachPreviewSchema),

  /** The pairs that these photos make, in their order; those that make none are left out. */
  pairs: call
    .input(z.object({ ids: z.array(photoIdSchema).max(500), words: teachWordsSchema }))
    .output(z.array(teachPairSchema)),

  /** How long learning from so many photos with words takes about; the first call measures it. */
  estimate: call.input(z.object({ pairs: z.number().int().min(1) })).output(teachEstimateSchema),

  start: call
    .input(
      lesson.extend({
        method: teachMethodSchema,
        /** A name for the model. */
        name: z.string().trim().min(1).max(80),
        /** Minutes to train for; null leaves it to the method. */
        minutes: z.number().positive().max(10_000).nullable(),
      }),
    )
    .output(z.object({ job: z.number().int() })),

  /** Newest first. */
  runs: call.output(z.array(teachRunSchema)),

  run: call.input(run).output(teachRunSchema),

  /** Keeps the new model; it becomes the active one in a job, once every photo has its embedding. */
  keep: call.input(run).output(z.void()),

  /** Deletes the new model. */
  discard: call.input(run).output(z.void()),
}
