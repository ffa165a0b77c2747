/** Runs an asynchronous function over a list with a bound on how many are under way. */

/**
 * Calls `work` for each item, at most `limit` at a time. The first failure stops the rest and is
 * thrown once those under way have settled.
 */
export async function forEachBounded<T>(
  items: readonly T[],
  limit: number,
  signal: AbortSignal,
  work: (item: T, index: number) => Promise<void>,
): Promise<void> {
  let next = 0
  let failed = false
  const lane = async () => {
    while (next < items.length && !failed) {
      signal.throwIfAborted()
      const index = next++
      await work(items[index]!, index)
    }
  }
  const lanes = Array.from({ length: Math.min(limit, items.length) }, async () => {
    try {
      await lane()
    } catch (error) {
      failed = true
      throw error
    }
  })
  const results = await Promise.allSettled(lanes)
  const failure = results.find((result) => result.status === 'rejected')
  if (failure) throw failure.reason
}
