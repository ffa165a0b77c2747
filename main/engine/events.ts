/** The stream of events that a window follows: a snapshot, then changes, joined and held back. */
import { setTimeout as delay } from 'node:timers/promises'
import type { EngineEvent } from '../../shared/contract/events.js'
import { describeJob } from '../jobs/describeJob.js'
import type { Changes } from './changes.js'
import type { LibraryOpener } from './openLibrary.js'

/** Ten updates a second, as many as anybody can read. */
const intervalMs = 100
const jobsListed = 100

export interface EventSource {
  /** Ends when `signal` is aborted or whoever iterates stops. */
  subscribe(signal: AbortSignal | undefined): AsyncGenerator<EngineEvent>
}

export function createEventSource(dependencies: {
  readonly library: LibraryOpener
  readonly changes: Changes
}): EventSource {
  const { library, changes } = dependencies
  return {
    async *subscribe(signal) {
      const { database, runner } = await library.open()
      const waiting = new Map<string, EngineEvent>()
      let wake = () => {}
      const add = (event: EngineEvent) => {
        // Of one kind only the latest counts; what came first is told first.
        waiting.set(keyOf(event), event)
        wake()
      }
      const stops = [
        runner.subscribe((job) => add({ type: 'job', job: describeJob(job) })),
        changes.on(add),
      ]
      const stop = () => wake()
      signal?.addEventListener('abort', stop)
      try {
        yield { type: 'jobs', jobs: (await database.jobs.list(jobsListed)).map(describeJob) }
        while (!signal?.aborted) {
          if (waiting.size === 0) await new Promise<void>((resolve) => (wake = resolve))
          const events = [...waiting.values()]
          waiting.clear()
          yield* events
          await delay(intervalMs)
        }
      } finally {
        signal?.removeEventListener('abort', stop)
        for (const stopListening of stops) stopListening()
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
