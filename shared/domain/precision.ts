/** How precise the weights are that search uses, and what was measured to decide it. */
import { z } from 'zod'

/** What 8-bit weights lose and win. */
export const precisionMeasureSchema = z.object({
  /** Points of recall that 8 bits lose, 0 to 100; see `measurePrecision`. */
  recallLoss: z.number(),
  /** How many times as fast the encoders are with 8 bits. */
  imageSpeedUp: z.number(),
  textSpeedUp: z.number(),
  /** Least cosine between an embedding in both precisions, 1 for no difference. */
  leastCosine: z.number(),
  /** Searches that the loss was measured by. */
  queries: z.number().int(),
})
export type PrecisionMeasure = z.infer<typeof precisionMeasureSchema>

export const searchPrecisionSchema = precisionMeasureSchema.extend({
  /** `int8` where the model holds 8-bit encoders beside those in full precision. */
  precision: z.enum(['float32', 'int8']),
  /** Why full precision is kept; null for 8 bits. */
  reason: z.string().nullable().default(null),
})
export type SearchPrecision = z.infer<typeof searchPrecisionSchema>
