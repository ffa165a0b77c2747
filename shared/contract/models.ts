/** The models there are, and which is in use. */
import { z } from 'zod'
import { modelStatusSchema } from '../domain/library.js'
import { retrievalReportSchema } from '../domain/training.js'
import { call } from './base.js'

const one = z.object({ id: z.string() })

export const models = {
  list: call.output(z.array(modelStatusSchema)),

  /** What is told of a model beyond its row: where it comes from, how good it was found. */
  describe: call.input(one).output(
    z.object({
      licence: z.string().nullable(),
      method: z.string().nullable(),
      pairs: z.number().int().nullable(),
      seconds: z.number().nullable(),
      heldOut: retrievalReportSchema.nullable(),
      before: retrievalReportSchema.nullable(),
    }),
  ),

  /** Makes a model the active one; photos that it has not seen are indexed in the background. */
  use: call.input(one).output(modelStatusSchema),

  /** Compares every file with its recorded checksum. */
  verify: call.input(one).output(z.object({ files: z.number().int() })),

  /** Deletes a tuned model, or forgets an imported one; not the active one nor the starter. */
  remove: call.input(one).output(z.void()),
}
