/** What was searched for. */
import type { Knex } from 'knex'
import { z } from 'zod'
import { integer } from '../codecs/integer.js'

const historyRow = z.object({ query: z.string(), at: integer, count: integer })
export type PastSearch = z.infer<typeof historyRow>

/** Older ones are forgotten. */
const keptSearches = 1_000

export function createSearchHistoryRepository(connection: Knex) {
  const history = () => connection('searchHistory')
  return {
    async remember(query: string, at: number): Promise<void> {
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
