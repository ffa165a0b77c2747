/** The stream of events that a window follows: a snapshot, then changes, joined and held back. */
import { setTimeout as delay } from 'node:timers/promises'
import type { EngineEvent } from '../../shared/contract/events.js'
import type { Job } from '../../shared/domain/jobs.js'
import type { Changes } from './changes.js'

/** Ten updates a second, as many as anybody can read. */
const intervalMs = 100

export interface EventSource {
  /** Ends when `signal` is aborted or whoever iterates stops. */
  subscribe(signal: AbortSignal | undefined): AsyncGenerator<EngineEvent>
}

export interface EventSourceDependencies {
  readonly changes: Changes
  /** What a new listener is told first. */
  readonly listJobs: () => Promise<Job[]>
}

export function createEventSource({ changes, listJobs }: EventSourceDependencies): EventSource {
  return {
    async *subscribe(signal) {
      const waiting = new Map<string, EngineEvent>()
      let wake = () => {}
      const stopListening = changes.on((event) => {
        // Of one kind only the latest counts; what came first is told first.
        waiting.set(keyOf(event), event)
        wake()
      })
      const stop = () => wake()
      signal?.addEventListener('abort', stop)
      try {
        yield { type: 'jobs', jobs: await listJobs() }
        while (!signal?.aborted) {
          if (waiting.size === 0) await new Promise<void>((resolve) => (wake = resolve))
          const events = [...waiting.values()]
          waiting.clear()
          yield* events
          await delay(intervalMs)
        }
      } finally {
        signal?.removeEventListener('abort', stop)
        stopListening()
      }
    },
  }
}

function keyOf(event: EngineEvent): string {
  switch (event.type) {
    case 'job':
      return `job ${event.job.id}`
    case 'teach':
      return `teach ${event.job}`
    case 'notice':
      return `notice ${event.message}`
    default:
      return event.type
  }
}
