/** Reads dates as people write them in filters, as the first day that they name. */
import type { FilterContext, FilterValue, Problem } from './filterKind.js'

export interface DateValue extends FilterValue {
  /** "2024-05-03"; sorts like the date. */
  readonly day: string
}

const written = /^(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?$/
const ago = /^(\d{1,4})(d|w|m|y)$/

export function parseDate(text: string, { today }: FilterContext): DateValue | Problem {
  const day = readWritten(text) ?? readRelative(text.toLowerCase(), today)
  if (day !== null) return { text, day }
  return {
    problem: `"${text}" is no date. Write 2024, 2024-05, 2024-05-03, today, yesterday, or 30d, 8w, 6m, 2y for as long ago.`,
  }
}

function readWritten(text: string): string | null {
  const found = written.exec(text)
  if (found === null) return null
  const [year, month = 1, date = 1] = found
    .slice(1)
    .map((part) => (part ? Number(part) : undefined))
  const day = toDay(year!, month - 1, date)
  // 2024-02-31 would quietly become a day of March.
  return Number(day.slice(5, 7)) === month && Number(day.slice(8)) === date ? day : null
}

function readRelative(text: string, today: string): string | null {
  const [year, month, date] = today.split('-').map(Number) as [number, number, number]
  if (text === 'today') return today
  if (text === 'yesterday') return toDay(year, month - 1, date - 1)
  const found = ago.exec(text)
  if (found === null) return null
  const count = Number(found[1])
  switch (found[2]) {
    case 'd':
      return toDay(year, month - 1, date - count)
    case 'w':
      return toDay(year, month - 1, date - 7 * count)
    case 'm':
      return toDay(year, month - 1 - count, date)
    default:
      return toDay(year - count, month - 1, date)
  }
}

/** Days and months beyond their ends run over into the next ones, before them into those before. */
function toDay(year: number, month: number, date: number): string {
  const time = new Date(0)
  time.setUTCFullYear(year, month, date)
  return time.toISOString().slice(0, 10)
}
