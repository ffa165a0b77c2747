/** What was searched for. */
import type { Knex } from 'knex'
import { z } from 'zod'
import { integer, nullableInteger } from '../codecs/integer.js'

const historyRow = z.object({ query: z.string(), at: integer, count: integer })
const latestRow = z.object({ latest: nullableInteger })
export type PastSearch = z.infer<typeof historyRow>

/** Older ones are forgotten. */
const keptSearches = 1_000

export function createSearchHistoryRepository(connection: Knex) {
  const history = () => connection('searchHistory')
  return {
    async remember(query: string, now: number): Promise<void> {
      // Of two in one millisecond the latter is still the latest.
      const { latest } = latestRow.parse(await history().max({ latest: 'at' }).first())
      const at = Math.max(now, (latest ?? 0) + 1)
      await history()
        .insert({ query, at, count: 1 })
        .onConflict('query')
        .merge({ at, count: connection.raw('?? + 1', ['searchHistory.count']) })
      const kept = history().orderBy('at', 'desc').limit(keptSearches).select('query')
      await history().whereNotIn('query', kept).delete()
    },

    /** Latest first. */
    async list(limit: number): Promise<PastSearch[]> {
      return z.array(historyRow).parse(await history().orderBy('at', 'desc').limit(limit))
    },

    async forget(query: string): Promise<void> {
      await history().where({ query }).delete()
    },

    async forgetAll(): Promise<void> {
      await history().delete()
    },
  }
}
