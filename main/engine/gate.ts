/** Lets calls pass, and holds them back while one of them needs the library for itself. */

export interface Gate {
  /** Does `work` as soon as nobody has the library for themselves. */
  pass<T>(work: () => Promise<T>): Promise<T>
  /** Does `work` alone: once those who have passed are done, and before others may pass. */
  alone<T>(work: () => Promise<T>): Promise<T>
}

export function createGate(): Gate {
  const inside = new Set<Promise<unknown>>()
  /** Settles, never rejecting, when the last of those who wanted to be alone is done. */
  let closed: Promise<unknown> | null = null

  return {
    async pass(work) {
      while (closed !== null) await closed
      const working = work()
      const settled = working.then(ignore, ignore)
      inside.add(settled)
      void settled.then(() => inside.delete(settled))
      return working
    },

    alone(work) {
      const before = Promise.all([closed, ...inside])
      const working = before.then(work)
      const settled = working.then(ignore, ignore).then(() => {
        if (closed === settled) closed = null
      })
      closed = settled
      return working
    },
  }
}

function ignore(): void {}
