/** The condition of `is:` filters. */
import type { PhotoState } from '../../../shared/query/filters/is.js'
import { type Condition, someFile } from './condition.js'

export function isInState(state: PhotoState): Condition {
  switch (state) {
    case 'online':
      return isOnline
    case 'offline':
      return not(isOnline)
    case 'tagged':
      return hasWords('tags')
    case 'untagged':
      return not(hasWords('tags'))
    case 'captioned':
      return hasWords('captions')
    case 'uncaptioned':
      return not(hasWords('captions'))
  }
}

const isOnline = someFile({ sql: `roots.state = 'online'`, bindings: [] })

function hasWords(table: 'captions' | 'tags'): Condition {
  return { sql: `EXISTS (SELECT 1 FROM ${table} WHERE photoId = photos.id)`, bindings: [] }
}

function not({ sql, bindings }: Condition): Condition {
  return { sql: `NOT ${sql}`, bindings }
}
