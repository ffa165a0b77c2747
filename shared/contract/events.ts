/** What changes while somebody looks. */
import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { jobSchema } from '../domain/jobs.js'
import { settingsSchema } from '../domain/settings.js'
import { call } from './base.js'

/**
 * The first event is `jobs`, a snapshot. Then at most ten events a second follow; events of one kind
 * are joined while they wait.
 */
export const engineEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('jobs'), jobs: z.array(jobSchema) }),
  z.object({ type: z.literal('job'), job: jobSchema }),
  /** Photos came, went or moved: what was asked of library and photos is outdated. */
  z.object({ type: z.literal('library') }),
  /** Captions, tags or judgements of photos changed. */
  z.object({ type: z.literal('words') }),
  /** Models, or how many photos each has seen. */
  z.object({ type: z.literal('models') }),
  z.object({ type: z.literal('teach'), job: z.number().int() }),
  z.object({ type: z.literal('settings'), settings: settingsSchema }),
  /** A sentence for the person about what went wrong and was survived. */
  z.object({ type: z.literal('notice'), message: z.string() }),
])
export type EngineEvent = z.infer<typeof engineEventSchema>

export const events = {
  subscribe: call.output(eventIterator(engineEventSchema)),
}
