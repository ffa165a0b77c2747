/** The photos that are selected, in whichever view they are shown. */
import { create } from 'zustand'

export interface Selection {
  readonly ids: ReadonlySet<number>
  /** The photo from which a range extends; null before one was selected. */
  readonly anchor: number | null
  /** What was selected beside the range that is being drawn. */
  readonly beside: ReadonlySet<number>
}

const none: Selection = { ids: new Set(), anchor: null, beside: new Set() }

export const useSelection = create<Selection>(() => none)

export function clearSelection(): void {
  useSelection.setState(none)
}

/** Selects a photo or takes it out; ranges extend from it next. */
export function toggleSelected(id: number): void {
  const ids = new Set(useSelection.getState().ids)
  if (!ids.delete(id)) ids.add(id)
  useSelection.setState({ ids, anchor: id, beside: ids })
}

/** These photos alone. */
export function selectOnly(photos: Iterable<number>): void {
  const ids = new Set(photos)
  useSelection.setState({ ids, anchor: null, beside: ids })
}

/**
 * Selects from the anchor to a photo, both included, in the order of `list`. What was the range
 * before is given up; without an anchor in the list the range is the one photo.
 */
export function selectRange(list: Uint32Array, photo: number): void {
  const { anchor, beside } = useSelection.getState()
  const to = list.indexOf(photo)
  const from = anchor === null ? -1 : list.indexOf(anchor)
  if (from === -1) {
    toggleSelected(photo)
    return
  }
  const ids = new Set(beside)
  for (let i = Math.min(from, to); i <= Math.max(from, to); i++) ids.add(list[i]!)
  useSelection.setState({ ids })
}

/** What an action on a photo is meant for: the selection if the photo is part of it, or it alone. */
export function selectedWith(id: number): number[] {
  const { ids } = useSelection.getState()
  return ids.has(id) ? [...ids] : [id]
}
