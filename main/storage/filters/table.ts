/** The condition of each kind of filter; the kinds themselves stand in shared/query. */
import type { FilterName, ValueOf } from '../../../shared/query/filters/table.js'
import { type Condition, hasFileNamed, isLike, liesInFolder } from './condition.js'
import { isInState } from './isInState.js'

type Conditions = { readonly [N in FilterName]: (value: ValueOf<N>) => Condition }

export const conditions: Conditions = {
  folder: ({ text }) => liesInFolder(`*/${text.replace(/^[\\/]+/, '')}*`),
  name: ({ text }) => hasFileNamed(`*${text}*`),
  camera: ({ text }) => isLike('photos.camera', `*${text}*`),
  tag: ({ text }) => {
    const { sql, bindings } = isLike('tags.text', text)
    return {
      sql: `EXISTS (SELECT 1 FROM tags WHERE tags.photoId = photos.id AND ${sql})`,
      bindings,
    }
  },
  object: ({ names, comparison, amount }) => ({
    // Each model's finds by themselves: two that found the same dog have not found two.
    sql: `EXISTS (SELECT 1 FROM objects WHERE objects.photoId = photos.id
      AND objects.name IN (${names.map(() => '?').join(', ')})
      GROUP BY objects.modelId HAVING count(*) ${comparison} ?)`,
    bindings: [...names, amount],
  }),
  type: ({ text }) => ({ sql: 'photos.format = ?', bindings: [text] }),
  is: ({ text }) => isInState(text),
  after: ({ day }) => ({ sql: 'photos.takenAt >= ?', bindings: [day] }),
  before: ({ day }) => ({ sql: 'photos.takenAt < ?', bindings: [day] }),
  size: ({ of, comparison, amount }) => ({
    sql: `${of === 'bytes' ? 'photos.sizeBytes' : 'photos.width * photos.height'} ${comparison} ?`,
    bindings: [amount],
  }),
}
