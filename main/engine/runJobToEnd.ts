/** Queues a job and follows it to its end, as a call that returns when the work is done. */
import type { JobProgress } from '../../shared/domain/jobs.js'
import { AppError, fromWireError } from '../../shared/errors.js'
import type { OpenLibrary } from './openLibrary.js'

/** What every long call takes. */
export interface RunOptions {
  readonly signal: AbortSignal
  readonly onProgress: (progress: JobProgress) => void
}

/**
 * The result of a job of `kind`. One that was interrupted earlier with the same parameters goes on.
 *
 * Aborting `signal` leaves the job queued, so that the same call finishes it later.
 *
 * @throws what the job failed with; CANCELLED if it was paused or cancelled
 */
export async function runJobToEnd(
  { runner, startJobs }: Pick<OpenLibrary, 'runner' | 'startJobs'>,
  kind: string,
  params: unknown,
  { signal, onProgress }: RunOptions,
): Promise<unknown> {
  // Queued before the queue begins to move: a job of an earlier process that is begun already could
  // not be found any more, and would be done a second time.
  const queued = await runner.enqueue(kind, params)
  const unsubscribe = runner.subscribe((job) => {
    // An older job in the same lane has to end first, so its progress is what the caller waits for.
    if (job.lane === queued.lane && job.progress !== null) onProgress(job.progress)
  })
  try {
    // A queue that fails as it starts tells those who wait for a job, so this waits already.
    const [job] = await Promise.all([runner.settled(queued.id, signal), startJobs()])
    if (job.error !== null) throw fromWireError(job.error)
    if (job.state !== 'completed') throw new AppError('CANCELLED', { what: `The job "${kind}"` })
    return job.result
  } finally {
    unsubscribe()
  }
}
