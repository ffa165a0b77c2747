/** The photos that are selected, and where a range began. */
import { create } from 'zustand'

interface Selection {
  readonly ids: ReadonlySet<number>
  /** The photo from which a range extends. */
  readonly anchor: number | null
  toggle(id: number): void
  /** Adds all of `ids`. */
  extend(ids: Iterable<number>): void
  set(ids: Iterable<number>): void
  clear(): void
}

export const useSelection = create<Selection>((set) => ({
  ids: new Set(),
  anchor: null,
  toggle: (id) =>
    set(({ ids }) => {
      const next = new Set(ids)
      if (!next.delete(id)) next.add(id)
      return { ids: next, anchor: id }
    }),
  extend: (added) => set(({ ids }) => ({ ids: new Set([...ids, ...added]) })),
  set: (ids) => set({ ids: new Set(ids) }),
  clear: () => set({ ids: new Set(), anchor: null }),
}))
