/** Who listens to jobs, and who waits for one to be over. */
import type { JobRecord } from '../storage/repositories/jobs.js'

export type JobListener = (job: JobRecord) => void

export function createJobEvents() {
  const listeners = new Set<JobListener>()
  const waiting = new Set<(error: unknown) => void>()
  return {
    emit(job: JobRecord): void {
      for (const listener of listeners) listener(job)
    },

    subscribe(listener: JobListener): () => void {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },

    /** Rejects all who wait: the queue itself has failed. */
    fail(error: unknown): void {
      for (const reject of [...waiting]) reject(error)
    },

    /** `job` once it is neither queued nor running; call it in the turn in which `job` was read. */
    settled(job: JobRecord, signal?: AbortSignal): Promise<JobRecord> {
      return new Promise((resolve, reject) => {
        const finish = (done: () => void) => {
          listeners.delete(check)
          waiting.delete(fail)
          signal?.removeEventListener('abort', onAbort)
          done()
        }
        const check: JobListener = (seen) => {
          if (seen.id === job.id && isSettled(seen)) finish(() => resolve(seen))
        }
        const fail = (error: unknown) => finish(() => reject(error))
        const onAbort = () => fail(signal?.reason)
        listeners.add(check)
        waiting.add(fail)
        signal?.addEventListener('abort', onAbort)
        check(job)
        if (signal?.aborted) onAbort()
      })
    },

    dispose(): void {
      listeners.clear()
      for (const reject of [...waiting]) reject(new Error('the library was closed'))
    },
  }
}

function isSettled(job: JobRecord): boolean {
  return job.state !== 'queued' && job.state !== 'running'
}
