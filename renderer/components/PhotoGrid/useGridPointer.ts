/** What the pointer does in the grid: one place for all tiles, told apart by `data-photo`. */
import { type DragEvent, type MouseEvent, useState } from 'react'
import {
  selectedWith,
  selectRange,
  toggleSelected,
  useSelection,
} from '../../features/selection/selection.js'
import { host } from '../../transport/engine.js'
import { focusOn, type GridFocus } from './focus.js'
import type { RowLayout } from './layout/rowLayout.js'

export interface PointedGrid {
  readonly ids: Uint32Array
  readonly layout: RowLayout
  readonly focus: GridFocus | null
  readonly onFocus: (focus: GridFocus) => void
  readonly onOpen: (id: number) => void
}

/** A photo and where its menu opens, in pixels of the window. */
export interface MenuPlace {
  readonly id: number
  readonly x: number
  readonly y: number
}

export function useGridPointer({ ids, layout, focus, onFocus, onOpen }: PointedGrid) {
  const [place, setPlace] = useState<MenuPlace | null>(null)
  const onClick = (event: MouseEvent) => {
    const id = photoAt(event.target)
    if (id === null) return
    onFocus(focusOn(layout, ids.indexOf(id)))
    if (event.shiftKey) selectRange(ids, id)
    else if (isSelecting(event)) toggleSelected(id)
    else onOpen(id)
  }
  const onDragStart = (event: DragEvent) => {
    const id = photoAt(event.target)
    if (id === null) return
    if (host) {
      event.preventDefault()
      host.startDrag(selectedWith(id))
      return
    }
    // The search box takes it as "similar to this".
    event.dataTransfer.setData('text/plain', `like:${id}`)
    event.dataTransfer.effectAllowed = 'copy'
  }
  const onContextMenu = (event: MouseEvent) => {
    // The key for menus points nowhere: it means the photo in focus.
    const byKey = event.target === event.currentTarget && focus !== null
    const id = byKey ? ids[focus.photo]! : photoAt(event.target)
    if (id === null) return
    event.preventDefault()
    const tile = event.currentTarget.querySelector(`[data-photo="${id}"]`)
    const box = byKey && tile ? tile.getBoundingClientRect() : null
    setPlace(
      box
        ? { id, x: box.left + box.width / 2, y: box.top + box.height / 2 }
        : { id, x: event.clientX, y: event.clientY },
    )
  }
  return {
    handlers: { onClick, onDragStart, onContextMenu },
    menu: { place, onClose: () => setPlace(null) },
  }
}

/** While some are selected, a click selects more. */
function isSelecting(event: MouseEvent): boolean {
  if (event.ctrlKey || event.metaKey || useSelection.getState().ids.size > 0) return true
  return event.target instanceof Element && event.target.closest('[data-part=check]') !== null
}

function photoAt(target: EventTarget): number | null {
  if (!(target instanceof Element)) return null
  const id = target.closest('[data-photo]')?.getAttribute('data-photo')
  return id ? Number(id) : null
}
