/** A job row in the contract's form. */
import type { Job } from '../../shared/domain/jobs.js'
import type { JobRecord } from '../storage/repositories/jobs.js'

export function describeJob(record: JobRecord): Job {
  const { id, kind, state, progress, error, createdAt, updatedAt } = record
  return {
    id,
    kind,
    subject: '',
    state,
    progress,
    error,
    createdAt: new Date(createdAt).toISOString(),
    updatedAt: new Date(updatedAt).toISOString(),
  }
}
