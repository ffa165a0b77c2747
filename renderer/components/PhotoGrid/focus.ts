/** The photo in focus and the ways that keys lead from it. */
import { middleOf, photoInRow, rowOf } from './layout/findRow.js'
import type { RowLayout } from './layout/rowLayout.js'

export interface GridFocus {
  readonly photo: number
  /** Where up and down lead along, so that they come back to where they began. */
  readonly x: number
}

export function focusOn(layout: RowLayout, photo: number): GridFocus {
  return { photo, x: middleOf(layout, photo) }
}

/** What a key leads to; null for a key that leads nowhere. */
export function followKey(
  key: string,
  layout: RowLayout,
  focus: GridFocus,
  visible: number,
): GridFocus | null {
  const last = layout.lefts.length - 1
  switch (key) {
    case 'ArrowLeft':
      return focusOn(layout, Math.max(0, focus.photo - 1))
    case 'ArrowRight':
      return focusOn(layout, Math.min(last, focus.photo + 1))
    case 'ArrowUp':
      return rowsOn(layout, focus, -1)
    case 'ArrowDown':
      return rowsOn(layout, focus, 1)
    case 'PageUp':
      return rowsOn(layout, focus, -rowsOfPage(layout, focus, visible))
    case 'PageDown':
      return rowsOn(layout, focus, rowsOfPage(layout, focus, visible))
    case 'Home':
      return focusOn(layout, 0)
    case 'End':
      return focusOn(layout, last)
    default:
      return null
  }
}

function rowsOn(layout: RowLayout, { photo, x }: GridFocus, rows: number): GridFocus {
  const row = rowOf(layout, photo)
  const target = Math.max(0, Math.min(layout.rows - 1, row + rows))
  return target === row ? { photo, x } : { photo: photoInRow(layout, target, x), x }
}

function rowsOfPage(layout: RowLayout, { photo }: GridFocus, visible: number): number {
  return Math.max(1, Math.floor(visible / layout.heights[rowOf(layout, photo)]!) - 1)
}
