/** The question that the search view shows the answer to. */
import type { SearchOrder } from '../../../shared/domain/search.js'
import { orpc } from '../../transport/engine.js'

export function searchQuery(query: string, order: SearchOrder) {
  return orpc.search.run.queryOptions({ input: { query, order, model: null } })
}
