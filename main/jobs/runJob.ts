/** Runs one job row once, from its checkpoint, and says what became of it. */
import type { JobProgress } from '../../shared/domain/jobs.js'
import { toWireError } from '../../shared/errors.js'
import type { Clock } from '../platform/clock.js'
import type { JobChange, JobRecord, JobRepository } from '../storage/repositories/jobs.js'
import { JobInterruption } from './jobInterruption.js'
import type { AnyJobKind } from './jobKind.js'
import { createProgressMeter } from './measureProgress.js'
import { createThrottle } from './throttle.js'

/** At most ten events a second go to listeners; the row is written less often. */
const eventIntervalMs = 100
const rowIntervalMs = 1_000

interface RunJobOptions {
  job: JobRecord
  kind: AnyJobKind
  jobs: JobRepository
  clock: Clock
  signal: AbortSignal
  onProgress: (progress: JobProgress) => void
}

/** The change of state that the run leads to; the job's own errors are part of it. */
export async function runJob(options: RunJobOptions): Promise<JobChange> {
  const { job, kind, jobs, clock, signal } = options
  const progress = trackProgress(options)
  try {
    const result = await kind.run({
      params: job.params,
      checkpoint: job.checkpoint,
      signal,
      report: progress.report,
      save: (checkpoint) => jobs.saveCheckpoint(job.id, checkpoint),
    })
    const updatedAt = clock.now()
    return {
      ...progress.last(),
      state: 'completed',
      result: result ?? null,
      updatedAt,
      endedAt: updatedAt,
    }
  } catch (error) {
    return { ...progress.last(), ...stateAfter(error, signal, clock.now()) }
  } finally {
    await progress.settle()
  }
}

function stateAfter(error: unknown, signal: AbortSignal, updatedAt: number): JobChange {
  const reason: unknown = signal.aborted ? signal.reason : null
  if (!(reason instanceof JobInterruption)) {
    return { state: 'failed', error: toWireError(error), updatedAt, endedAt: updatedAt }
  }
  switch (reason.reason) {
    case 'pause':
      return { state: 'paused', updatedAt }
    case 'cancel':
      return { state: 'cancelled', updatedAt, endedAt: updatedAt }
    case 'shutdown':
      return { state: 'queued', updatedAt }
  }
}

function trackProgress({ job, jobs, clock, onProgress }: RunJobOptions) {
  const measure = createProgressMeter()
  let last: JobProgress | null = null
  let writing = Promise.resolve()
  const events = createThrottle(eventIntervalMs, onProgress)
  const rows = createThrottle(rowIntervalMs, (progress: JobProgress) => {
    // A progress that cannot be written is not worth a job; the next write will tell.
    writing = writing.then(() => jobs.saveProgress(job.id, progress)).catch(() => {})
  })
  return {
    report(reported: Parameters<typeof measure>[0]) {
      last = measure(reported, clock.now())
      events.push(last)
      rows.push(last)
    },
    last: () => (last ? { progress: last } : {}),
    async settle() {
      events.flush()
      rows.flush()
      await writing
    },
  }
}
