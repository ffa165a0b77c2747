/** The messages between a trainer process and its parent. */
import { z } from 'zod'
import { trainingEventSchema } from '../../../shared/domain/training.js'
import { wireErrorSchema } from '../../../shared/errors.js'

/** Parent to trainer. */
export const trainerCommandSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('start'), workFolder: z.string(), saveEveryMs: z.number().min(0) }),
  z.object({ type: z.literal('pause') }),
  z.object({ type: z.literal('resume') }),
  z.object({ type: z.literal('cancel') }),
])
export type TrainerCommand = z.infer<typeof trainerCommandSchema>

/** Trainer to parent. `finished` or `failed` is the last one. */
export const trainerReportSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('event'), event: trainingEventSchema }),
  z.object({ type: z.literal('finished') }),
  z.object({ type: z.literal('failed'), error: wireErrorSchema }),
])
export type TrainerReport = z.infer<typeof trainerReportSchema>
