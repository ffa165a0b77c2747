/** Sessions by key, made when first asked for; the least recently used one goes when it is full. */
import type { InPlaceSession } from '../../runtime/session.js'

export interface SessionCache {
  get(key: string, open: () => Promise<InPlaceSession>): Promise<InPlaceSession>
  dispose(): Promise<void>
}

/** @param capacity sessions kept; each holds the memory of its largest run */
export function createSessionCache(capacity: number): SessionCache {
  const sessions = new Map<string, InPlaceSession>()
  return {
    async get(key, open) {
      const known = sessions.get(key)
      if (known) {
        sessions.delete(key)
        sessions.set(key, known)
        return known
      }
      for (const [oldest, session] of sessions) {
        if (sessions.size < capacity) break
        sessions.delete(oldest)
        await session.dispose()
      }
      const session = await open()
      sessions.set(key, session)
      return session
    },
    async dispose() {
      const open = [...sessions.values()]
      sessions.clear()
      for (const session of open) await session.dispose()
    },
  }
}
