/** How large photos are shown in grids; kept for the next time. */
import { create } from 'zustand'

const key = 'semblance row height'
export const rowHeights = { least: 90, most: 360, usual: 190 }

export const useGridSize = create<{ rowHeight: number }>(() => ({ rowHeight: kept() }))

export function setRowHeight(rowHeight: number): void {
  const bounded = Math.min(rowHeights.most, Math.max(rowHeights.least, rowHeight))
  localStorage.setItem(key, String(bounded))
  useGridSize.setState({ rowHeight: bounded })
}

function kept(): number {
  const value = Number(localStorage.getItem(key))
  return value >= rowHeights.least && value <= rowHeights.most ? value : rowHeights.usual
}
