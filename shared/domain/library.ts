/** What the library says about itself: folders, photos, jobs, models, search hits. */
import { z } from 'zod'
import { wireErrorSchema } from '../errors.js'

export const rootStatusSchema = z.object({
  id: z.number().int(),
  path: z.string(),
  /** `offline` while the folder cannot be reached; its photos stay searchable. */
  state: z.enum(['online', 'offline']),
  files: z.number().int(),
  missing: z.number().int(),
  failed: z.number().int(),
})

export const failedFileSchema = z.object({ path: z.string(), reason: z.string() })

export const modelStatusSchema = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(['starter', 'downloaded', 'imported', 'tuned']),
  path: z.string(),
  dim: z.number().int(),
  active: z.boolean(),
  /** Photos that have an embedding by this model. */
  indexed: z.number().int(),
})
export type ModelStatus = z.infer<typeof modelStatusSchema>

export const libraryStatusSchema = z.object({
  path: z.string(),
  photos: z.number().int(),
  roots: z.array(rootStatusSchema),
  models: z.array(modelStatusSchema),
  /** Photos that the active model still has to encode. */
  toIndex: z.number().int(),
  failed: z.array(failedFileSchema),
})
export type LibraryStatus = z.infer<typeof libraryStatusSchema>

export const searchHitSchema = z.object({
  rank: z.number().int(),
  photoId: z.number().int(),
  path: z.string(),
  /** Further paths at which the same content stands. */
  otherPaths: z.array(z.string()),
  /** Cosine similarity of query and picture, -1 to 1. */
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
  total: z.number().int(),
  ratePerSecond: z.number(),
  etaSeconds: z.number().nullable(),
})
export type JobProgress = z.infer<typeof jobProgressSchema>

export const jobSchema = z.object({
  id: z.number().int(),
  kind: z.string(),
  state: jobStateSchema,
  progress: jobProgressSchema.nullable(),
  error: wireErrorSchema.nullable(),
  createdAt: z.string(),
  updatedAt: z.string(),
})
export type Job = z.infer<typeof jobSchema>
