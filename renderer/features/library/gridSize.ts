/** How large photos are shown in grids; kept for the next time. */
import { create } from 'zustand'

const key = 'semblance row height'
export const rowHeights = { least: 90, most: 400, usual: 200, step: 30 }

export const useGridSize = create<{ rowHeight: number }>(() => ({ rowHeight: kept() }))

export function setRowHeight(rowHeight: number): void {
  const bounded = Math.min(rowHeights.most, Math.max(rowHeights.least, rowHeight))
  localStorage.setItem(key, String(bounded))
  useGridSize.setState({ rowHeight: bounded })
}

/** So many steps larger, or smaller below 0. */
export function stepRowHeight(steps: number): void {
  setRowHeight(useGridSize.getState().rowHeight + steps * rowHeights.step)
}

function kept(): number {
  const value = Number(localStorage.getItem(key))
  return value >= rowHeights.least && value <= rowHeights.most ? value : rowHeights.usual
}
