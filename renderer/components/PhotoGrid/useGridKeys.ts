/** What keys do in the grid. */
import type { KeyboardEvent } from 'react'
import { stepRowHeight } from '../../features/library/gridSize.js'
import {
  clearSelection,
  selectOnly,
  selectRange,
  toggleSelected,
  useSelection,
} from '../../features/selection/selection.js'
import { focusOn, followKey, type GridFocus } from './focus.js'
import type { RowLayout } from './layout/rowLayout.js'

export interface KeyedGrid {
  readonly ids: Uint32Array
  readonly layout: RowLayout
  readonly focus: GridFocus | null
  readonly visible: number
  readonly onFocus: (focus: GridFocus) => void
  readonly onOpen: (id: number) => void
  readonly onKey: ((key: string, id: number) => void) | undefined
}

export function useGridKeys(grid: KeyedGrid) {
  return (event: KeyboardEvent) => {
    // Before the grid's width is known there are no rows, and nowhere for keys to lead.
    if (event.target !== event.currentTarget || grid.layout.rows === 0) return
    const done = event.ctrlKey || event.metaKey ? followCommand(event, grid) : follow(event, grid)
    if (done) event.preventDefault()
  }
}

/** With Ctrl or Cmd. */
function followCommand({ key, shiftKey }: KeyboardEvent, grid: KeyedGrid): boolean {
  if (key.toLowerCase() === 'a' && !shiftKey) selectOnly(grid.ids)
  else if (key === ' ' && grid.focus) toggleSelected(grid.ids[grid.focus.photo]!)
  else return false
  return true
}

function follow(event: KeyboardEvent, grid: KeyedGrid): boolean {
  const { key } = event
  if (event.altKey) return false
  const focus = grid.focus ?? focusOn(grid.layout, 0)
  const id = grid.ids[focus.photo]!
  const next = followKey(key, grid.layout, focus, grid.visible)
  if (next) {
    if (event.shiftKey) extend(grid.ids, id, grid.ids[next.photo]!)
    grid.onFocus(next)
    return true
  }
  switch (key) {
    case 'Enter':
    case ' ':
      grid.onOpen(id)
      return true
    case 'x':
      toggleSelected(id)
      return true
    case 'Escape':
      clearSelection()
      return true
    case '+':
    case '=':
      stepRowHeight(1)
      return true
    case '-':
      stepRowHeight(-1)
      return true
    default:
      grid.onKey?.(key, id)
      return false
  }
}

/** A range begins at the photo in focus unless that one is part of a range already. */
function extend(ids: Uint32Array, from: number, to: number): void {
  if (!useSelection.getState().ids.has(from)) toggleSelected(from)
  selectRange(ids, to)
}
