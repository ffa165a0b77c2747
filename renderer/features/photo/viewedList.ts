/** The photos through which next and previous lead. */
import { create } from 'zustand'

export const useViewedList = create<{ ids: Uint32Array }>(() => ({ ids: new Uint32Array() }))

export function setViewedList(ids: Uint32Array): void {
  useViewedList.setState({ ids })
}
