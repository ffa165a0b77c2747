/** Plots as SVG, drawn once; colours come from the page's style sheet. */
import { type Axis, drawAxes, placeX, placeY, plotSize } from './axes.js'
import { escapeHtml } from './html.js'

/** Looks of a line or of bars, by what they stand for. */
export type Look = 'model' | 'against' | 'chance'

export interface Line {
  readonly name: string
  readonly look: Look
  readonly points: readonly (readonly [x: number, y: number])[]
}

export interface Bars {
  readonly name: string
  readonly look: Look
  /** Per bin of the x axis. */
  readonly heights: readonly number[]
}

export function lineChart(title: string, x: Axis, y: Axis, lines: readonly Line[]): string {
  const drawn = lines.map(({ look, points }) => {
    const places = points.map(([px, py]) => `${placeX(x, px)},${placeY(y, py)}`)
    return `<polyline class="line ${look}" points="${places.join(' ')}"/>`
  })
  return figure(title, lines, drawAxes(x, y) + drawn.join(''))
}

/** Bins drawn as outlined areas over one another. */
export function histogram(title: string, x: Axis, y: Axis, series: readonly Bars[]): string {
  const drawn = series.map(({ look, heights }) => {
    const width = (x.to - x.from) / heights.length
    const places = heights.flatMap((height, i) => {
      const [left, right] = [x.from + i * width, x.from + (i + 1) * width]
      return [`${placeX(x, left)},${placeY(y, height)}`, `${placeX(x, right)},${placeY(y, height)}`]
    })
    const ends = [`${placeX(x, x.from)},${placeY(y, 0)}`, `${placeX(x, x.to)},${placeY(y, 0)}`]
    return `<polygon class="area ${look}" points="${[ends[0], ...places, ends[1]].join(' ')}"/>`
  })
  return figure(title, series, drawAxes(x, y) + drawn.join(''))
}

function figure(title: string, series: readonly (Line | Bars)[], content: string): string {
  const legend = series.map(
    ({ name, look }) => `<li><span class="key ${look}"></span>${escapeHtml(name)}</li>`,
  )
  const names = series.map(({ name }) => name).join(', ')
  return `<figure><figcaption>${escapeHtml(title)}</figcaption><ul class="legend">${legend.join('')}</ul><svg viewBox="0 0 ${plotSize.width} ${plotSize.height}" role="img" aria-label="${escapeHtml(`${title}: ${names}`)}">${content}</svg></figure>`
}
