/** Long work, as a durable row: what it is, how far it has come, what became of it. */
import { z } from 'zod'
import { wireErrorSchema } from '../errors.js'

export const jobStateSchema = z.enum([
  'queued',
  'running',
  'paused',
  'completed',
  'failed',
  'cancelled',
])

export const jobProgressSchema = z.object({
  phase: z.string(),
  done: z.number().int(),
  /** 0 if it is not known. */
  total: z.number().int(),
  ratePerSecond: z.number(),
  etaSeconds: z.number().nullable(),
})
export type JobProgress = z.infer<typeof jobProgressSchema>

export const jobSchema = z.object({
  id: z.number().int(),
  /** `scan`, `index`, `thumbnails`, `sample`, `teach`, ... */
  kind: z.string(),
  /** What it is about, for people: a folder, a model's name; empty if the kind says it all. */
  subject: z.string(),
  state: jobStateSchema,
  progress: jobProgressSchema.nullable(),
  error: z.nullable(wireErrorSchema),
  createdAt: z.string(),
  updatedAt: z.string(),
})
export type Job = z.infer<typeof jobSchema>
