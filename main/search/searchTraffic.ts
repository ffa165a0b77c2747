/** Lets searches, and pictures that are looked at, go before work in the background, which has time. */
import { setTimeout as delay } from 'node:timers/promises'

export interface SearchTraffic {
  /** Does work that a person waits for, and others make way for. */
  during<T>(work: () => Promise<T>): Promise<T>
  /** The same for a search, after which another one is likely: others begin one by one for a while. */
  duringSearch<T>(work: () => Promise<T>): Promise<T>
  /** Resolves once no such work is under way, and after a while in any case. */
  pass(): Promise<void>
}

/** However much is searched and looked at, work in the background goes on this often. */
const longestWaitMs = 500
/** Searches that follow one another, as somebody types on, do so within this time. */
const searchingMs = 300
/**
 * What is begun is finished before a search has the cores for itself: so that little is under way
 * when the next one comes, pieces begin no sooner after one another. Decoding one takes about as long.
 */
const paceMs = 80

export function createSearchTraffic(): SearchTraffic {
  let searches = 0
  let searchedAt = Number.NEGATIVE_INFINITY
  let paced = Promise.resolve()
  const waiting = new Set<() => void>()

  function wakeAll(): void {
    for (const wake of [...waiting]) wake()
  }

  async function during<T>(work: () => Promise<T>): Promise<T> {
    searches++
    try {
      return await work()
    } finally {
      searches--
      if (searches === 0) wakeAll()
    }
  }

  async function untilNobodyWaits(): Promise<void> {
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
  }

  return {
    during,

    async duringSearch(work) {
      try {
        return await during(work)
      } finally {
        searchedAt = performance.now()
      }
    },

    async pass() {
      if (performance.now() - searchedAt < searchingMs) {
        paced = paced.then(() => delay(paceMs))
        await paced
      }
      await untilNobodyWaits()
    },
  }
}
