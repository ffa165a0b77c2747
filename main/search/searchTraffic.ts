/** Lets searches, and pictures that are looked at, go before work in the background, which has time. */

export interface SearchTraffic {
  /** Does work that a person waits for, and others make way for. */
  during<T>(work: () => Promise<T>): Promise<T>
  /** Resolves once no such work is under way, and after a while in any case. */
  pass(): Promise<void>
}

/** However much is searched and looked at, work in the background goes on this often. */
const longestWaitMs = 500

export function createSearchTraffic(): SearchTraffic {
  let searches = 0
  const waiting = new Set<() => void>()

  function wakeAll(): void {
    for (const wake of [...waiting]) wake()
  }

  return {
    async during(work) {
      searches++
      try {
        return await work()
      } finally {
        searches--
        if (searches === 0) wakeAll()
      }
    },

    async pass() {
      if (searches === 0) return
      await new Promise<void>((resolve) => {
        const wake = () => {
          clearTimeout(timer)
          waiting.delete(wake)
          resolve()
        }
        const timer = setTimeout(wake, longestWaitMs)
        waiting.add(wake)
      })
    },
  }
}
