/** Knows what is being asked of a database, so that it closes after the last answer. */
import { AppError } from '../../shared/errors.js'

export interface Usage {
  /** @throws AppError CANCELLED once it is closed */
  during<T>(work: () => Promise<T>): Promise<T>
  /** Lets nothing new begin, and resolves when nothing is under way. */
  close(): Promise<void>
}

export function createUsage(): Usage {
  const underWay = new Set<Promise<unknown>>()
  let closed = false
  return {
    async during(work) {
      // A pool that is destroyed would keep who asks it waiting for a minute.
      if (closed) throw new AppError('CANCELLED', { what: 'What was asked of the closed library' })
      const working = work()
      underWay.add(working)
      try {
        return await working
      } finally {
        underWay.delete(working)
      }
    },
    async close() {
      closed = true
      await Promise.allSettled(underWay)
    },
  }
}

/** For what is part of something that counts already. */
export const uncounted: Pick<Usage, 'during'> = { during: (work) => work() }
