/** Times at which photos were taken: local, as cameras and people write them. */

const nameDate =
  /(?<!\d)((?:19|20)\d\d)([-_.]?)(\d\d)\2(\d\d)(?!\d)(?:[-_ T.]*(?:at )?(\d\d)[-_.:]?(\d\d)[-_.:]?(\d\d))?/

/** The date, and the time if there is one, in the name of the file at `path`; null without. */
export function dateOfName(path: string): string | null {
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)
  const match = name.match(nameDate)
  if (!match) return null
  const [, year, , month, day, ...time] = match
  const date = [year, month, day].map(Number)
  const clock = time.map((part) => Number(part ?? 0))
  return validTime([...date, ...clock]) ?? validTime(date)
}

/** EXIF's "2024:05:03 12:00:00"; null for zeros, which stand where a clock was never set. */
export function cameraTime(value: string | undefined): string | null {
  const match = value?.match(/^(\d{4})[:-](\d\d)[:-](\d\d)[ T](\d\d):(\d\d):(\d\d)/)
  return match ? validTime(match.slice(1).map(Number)) : null
}

/** "2024-05-03T12:00:00" in this machine's time zone. */
export function localTime(date: Date): string {
  return isoText([
    date.getFullYear(),
    date.getMonth() + 1,
    date.getDate(),
    date.getHours(),
    date.getMinutes(),
    date.getSeconds(),
  ])
}

/** Year, month, day, hours, minutes, seconds as text; null if there is no such time. */
function validTime(parts: readonly number[]): string | null {
  const [year = 0, month = 0, day = 0, hours = 0, minutes = 0, seconds = 0] = parts
  const date = new Date(Date.UTC(year, month - 1, day, hours, minutes, seconds))
  const text = isoText([year, month, day, hours, minutes, seconds])
  return year >= 1826 && date.toISOString().startsWith(text) ? text : null
}

function isoText(parts: readonly number[]): string {
  const [year, month, day, hours, minutes, seconds] = parts.map((part, index) =>
    String(part).padStart(index === 0 ? 4 : 2, '0'),
  )
  return `${year}-${month}-${day}T${hours}:${minutes}:${seconds}`
}

/** EXIF's "+02:00" in minutes; null for what is no offset. */
export function zoneMinutesOf(offset: string | undefined): number | null {
  if (offset?.trim() === 'Z') return 0
  const match = offset?.match(/^([+-])(\d\d):(\d\d)/)
  if (!match) return null
  const minutes = Number(match[2]) * 60 + Number(match[3])
  if (minutes > 14 * 60) return null
  return match[1] === '-' ? -minutes : minutes
}
