/** Numbers, sizes, dates and times, as the person's system writes them. */

const whole = new Intl.NumberFormat()
const oneDigit = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 })
const percent = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 0 })
const month = new Intl.DateTimeFormat(undefined, {
  year: 'numeric',
  month: 'long',
  timeZone: 'UTC',
})
const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeZone: 'UTC' })
const dayAndTime = new Intl.DateTimeFormat(undefined, {
  dateStyle: 'medium',
  timeStyle: 'short',
  timeZone: 'UTC',
})

export const formatCount = (count: number): string => whole.format(count)
export const formatNumber = (value: number): string => oneDigit.format(value)
export const formatShare = (share: number): string => percent.format(share)

/** `epochDay`: days since 1970. */
export const formatMonth = (epochDay: number): string => month.format(epochDay * 86_400_000)

/** `local`: "2024-05-03T12:00:00", a wall clock's time without a zone. */
export const formatLocalTime = (local: string): string => dayAndTime.format(new Date(`${local}Z`))
export const formatLocalDay = (local: string): string => day.format(new Date(`${local}Z`))

/** `instant`: ISO 8601 with its zone. */
export function formatInstant(instant: string): string {
  return new Date(instant).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' })
}

export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3))
  return `${oneDigit.format(bytes / 1_000 ** power)} ${units[power]}`
}

/** "2 h 5 min", "40 s". */
export function formatDuration(seconds: number): string {
  if (seconds < 60) return `${Math.max(1, Math.round(seconds))} s`
  const minutes = Math.round(seconds / 60)
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** "1 photo", "2 photos". */
export function countOf(count: number, one: string, many: string): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`
}
