/** Keeps what one looks at in its place while the grid is laid out anew. */
import { rowBelow, rowOf } from './layout/findRow.js'
import type { RowLayout } from './layout/rowLayout.js'

/** Where the photo that stood at `top` stands now; near to `top` if it is gone. */
export function keepPlace(
  before: RowLayout,
  beforeIds: Uint32Array,
  after: RowLayout,
  afterIds: Uint32Array,
  top: number,
): number {
  // Whoever looks at the beginning wants to see what comes there.
  if (top <= 0 || before.rows === 0) return 0
  const row = Math.min(before.rows - 1, rowBelow(before, top))
  const photo = before.firstPhotos[row]!
  const now = afterIds === beforeIds ? photo : afterIds.indexOf(beforeIds[photo]!)
  if (now === -1 || after.rows === 0) return Math.min(top, after.height)
  const share = (top - before.tops[row]!) / before.heights[row]!
  const target = rowOf(after, now)
  return after.tops[target]! + share * after.heights[target]!
}
