/** Parts of a grid that begin with a line of their own: months, or what follows a break. */
import type { PhotoList } from '../../photoColumns.js'

export interface Section {
  /** `plain` has no heading. */
  readonly kind: 'plain' | 'month' | 'break'
  /** Photos from `first` up to, not including, `end`. */
  readonly first: number
  readonly end: number
}

const dayMs = 86_400_000

export function sectionsOf(
  { ids, days }: PhotoList,
  grouping: 'month' | 'none',
  breakBefore: number | null,
): Section[] {
  const count = ids.length
  if (count === 0) return []
  const starts = grouping === 'month' ? monthStarts(days) : [0]
  const breaks = breakBefore !== null && breakBefore < count
  if (breaks && !starts.includes(breakBefore)) {
    starts.push(breakBefore)
    starts.sort((a, b) => a - b)
  }
  const kindOf = (first: number): Section['kind'] => {
    if (breaks && first === breakBefore) return 'break'
    return grouping === 'month' ? 'month' : 'plain'
  }
  return starts.map((first, i) => ({ kind: kindOf(first), first, end: starts[i + 1] ?? count }))
}

/** Places at which another month begins. A date is only computed where the month changes. */
function monthStarts(days: ArrayLike<number>): number[] {
  const starts: number[] = []
  let [from, to] = [1, 0]
  for (let photo = 0; photo < days.length; photo++) {
    // Days before 1970 come as unsigned numbers.
    const day = days[photo]! | 0
    if (day >= from && day < to) continue
    const date = new Date(day * dayMs)
    from = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1) / dayMs
    to = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1) / dayMs
    starts.push(photo)
  }
  return starts
}
