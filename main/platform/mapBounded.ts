/** Does several things at once, but never more than a bound. */

/** Maps `items` in order by `map`, at most `limit` at a time. Stops at the first error. */
export async function mapBounded<T, U>(
  items: readonly T[],
  limit: number,
  map: (item: T) => Promise<U>,
): Promise<U[]> {
  const results = new Array<U>(items.length)
  let next = 0
  let failed = false
  async function work(): Promise<void> {
    while (!failed && next < items.length) {
      const index = next++
      try {
        results[index] = await map(items[index] as T)
      } catch (error) {
        failed = true
        throw error
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, work))
  return results
}
