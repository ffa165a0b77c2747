/** Axes of a plot: where values lie, and where the marks stand. */
import { escapeHtml } from './html.js'

export interface Axis {
  readonly label: string
  readonly from: number
  readonly to: number
  readonly format: (value: number) => string
}

export const plotSize = { width: 520, height: 300 } as const
const margin = { left: 52, right: 16, top: 12, bottom: 44 } as const

/** The place of a value from left to right, in user units of the SVG. */
export function placeX({ from, to }: Axis, value: number): number {
  const width = plotSize.width - margin.left - margin.right
  return round(margin.left + ((value - from) / (to - from || 1)) * width)
}

/** The place of a value from the bottom up. */
export function placeY({ from, to }: Axis, value: number): number {
  const height = plotSize.height - margin.top - margin.bottom
  return round(plotSize.height - margin.bottom - ((value - from) / (to - from || 1)) * height)
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}

/** Grid lines, marks and names of both axes. */
export function drawAxes(x: Axis, y: Axis): string {
  const [left, right] = [placeX(x, x.from), placeX(x, x.to)]
  const bottom = placeY(y, y.from)
  const rows = ticks(y).map((value) => {
    const at = placeY(y, value)
    return `<line class="grid" x1="${left}" x2="${right}" y1="${at}" y2="${at}"/><text x="${left - 8}" y="${at + 4}" text-anchor="end">${escapeHtml(y.format(value))}</text>`
  })
  const columns = ticks(x).map((value) => {
    const at = placeX(x, value)
    return `<line class="axis" x1="${at}" x2="${at}" y1="${bottom}" y2="${bottom + 4}"/><text x="${at}" y="${bottom + 18}" text-anchor="middle">${escapeHtml(x.format(value))}</text>`
  })
  const middle = (left + right) / 2
  const names = `<text x="${middle}" y="${plotSize.height - 6}" text-anchor="middle">${escapeHtml(x.label)}</text>`
  return `${rows.join('')}${columns.join('')}<line class="axis" x1="${left}" x2="${right}" y1="${bottom}" y2="${bottom}"/>${names}`
}

/** Round values within the axis, about five of them. */
function ticks({ from, to }: Axis): number[] {
  const rough = (to - from) / 5
  const power = 10 ** Math.floor(Math.log10(rough || 1))
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((one) => one >= rough) ?? power
  const first = Math.ceil(from / step - 1e-9)
  const count = Math.floor(to / step + 1e-9) - first + 1
  return Array.from({ length: count }, (_, i) => (first + i) * step)
}
