/** A job row in the contract's form. */
import { z } from 'zod'
import type { Job } from '../../shared/domain/jobs.js'
import type { JobRecord } from '../storage/repositories/jobs.js'

/** Jobs about something with a name have it among their parameters. */
const named = z.object({ name: z.string() })

export function describeJob(record: JobRecord): Job {
  const { id, kind, state, progress, error, createdAt, updatedAt } = record
  return {
    id,
    kind,
    subject: named.safeParse(record.params).data?.name ?? '',
    state,
    progress,
    error,
    createdAt: new Date(createdAt).toISOString(),
    updatedAt: new Date(updatedAt).toISOString(),
  }
}
