/** Marks on the scrubber's rail. */
import type { RowLayout } from './layout/rowLayout.js'

export interface Tick {
  /** Pixels from the rail's top. */
  readonly at: number
  /** Null where there is no room for words. */
  readonly label: string | null
}

const year = new Intl.DateTimeFormat(undefined, { year: 'numeric', timeZone: 'UTC' })
const month = new Intl.DateTimeFormat(undefined, { month: 'short', timeZone: 'UTC' })
const labelDistance = 26
const dotDistance = 7
/** With fewer years than this, months are marked. */
const leastYears = 3

/** `range`: pixels of the layout that the rail stands for; `days`: of the layout's photos. */
export function ticksOf(
  { sections }: RowLayout,
  days: ArrayLike<number>,
  range: number,
  rail: number,
): Tick[] {
  const months = sections.filter(({ kind }) => kind === 'month')
  const dated = months.map(({ top, first }) => ({
    at: Math.round(Math.min(1, top / range) * rail),
    date: new Date((days[first]! | 0) * 86_400_000),
  }))
  const years = dated.filter(
    ({ date }, i) => date.getUTCFullYear() !== dated[i - 1]?.date.getUTCFullYear(),
  )
  const [marks, format] = years.length < leastYears ? [dated, month] : [years, year]
  const ticks: Tick[] = []
  let [lastMark, lastLabel] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const { at, date } of marks) {
    const labelled = at - lastLabel >= labelDistance
    if (!labelled && at - lastMark < dotDistance) continue
    ticks.push({ at, label: labelled ? format.format(date) : null })
    lastMark = at
    if (labelled) lastLabel = at
  }
  return ticks
}
