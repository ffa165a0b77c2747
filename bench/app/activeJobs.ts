/** Which jobs of the engine run, from what it tells. */
import { setTimeout as delay } from 'node:timers/promises'
import type { EngineClient } from '../../shared/contract/contract.js'
import type { Job } from '../../shared/domain/jobs.js'

export interface ActiveJobs {
  isActive(kind: string): boolean
  /** Whether a job of the kind has ended since this began to follow. */
  hasEnded(kind: string): boolean
  /** Resolves once a job of the kind runs. */
  begun(kind: string): Promise<void>
  /** Resolves once nothing has been running or queued for a while. */
  settled(): Promise<void>
}

const pollMs = 20
/** One job may bring about another. */
const quietMs = 2_000
const limitMs = 300_000

/** Follows until the connection is closed. */
export function followJobs(engine: EngineClient): ActiveJobs {
  const active = new Map<number, string>()
  const ended = new Set<string>()
  const note = ({ id, kind, state }: Job) => {
    if (state === 'running' || state === 'queued') active.set(id, kind)
    else if (active.delete(id)) ended.add(kind)
  }
  const follow = async () => {
    for await (const event of await engine.events.subscribe()) {
      if (event.type === 'jobs') event.jobs.forEach(note)
      if (event.type === 'job') note(event.job)
    }
  }
  // It ends with the connection.
  follow().catch(() => {})
  const isActive = (kind: string) => [...active.values()].includes(kind)
  return {
    isActive,
    hasEnded: (kind) => ended.has(kind),
    begun: (kind) => until(() => isActive(kind), `no job of the kind "${kind}" began`),

    async settled() {
      let quietSince = performance.now()
      await until(() => {
        if (active.size > 0) quietSince = performance.now()
        return performance.now() - quietSince > quietMs
      }, 'the jobs did not end')
    },
  }
}

async function until(holds: () => boolean, otherwise: string): Promise<void> {
  const endsAt = performance.now() + limitMs
  while (!holds()) {
    if (performance.now() > endsAt) throw new Error(otherwise)
    await delay(pollMs)
  }
}
