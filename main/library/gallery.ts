/** The photos that can be shown, as columns in memory that every thread reads without copies. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { firstAtLeast } from '../platform/firstAtLeast.js'
import type { Database } from '../storage/openDatabase.js'
import type { ShownColumns } from '../storage/repositories/shownPhotos.js'

/** Columns over the photos by rising id; `newest` is another order of the same photos. */
export interface Gallery {
  readonly ids: SharedNumbers
  /** Width over height, in hundredths. */
  readonly ratios: SharedNumbers
  /** Local time in seconds since 1970. */
  readonly seconds: Float64Array<SharedArrayBuffer>
  /** Places in the columns, of the photo taken last first. */
  readonly newest: SharedNumbers
}
type SharedNumbers = Uint32Array<SharedArrayBuffer>

const secondsPerDay = 86_400

/** What galleries are read from. */
export type ShownPhotos = Database['shownPhotos']

/** Reads all photos from the database. */
export async function loadGallery(shownPhotos: ShownPhotos): Promise<Gallery> {
  const pages: ShownColumns[] = []
  for await (const page of shownPhotos.columns()) pages.push(page)
  const length = pages.reduce((sum, { ids }) => sum + ids.length, 0)
  const columns = {
    ids: join(sharedNumbers(length), pages, 'ids'),
    ratios: join(sharedNumbers(length), pages, 'ratios'),
    seconds: join(sharedFloats(length), pages, 'seconds'),
  }
  // Others have a turn before the longest part.
  await nextTurn()
  return { ...columns, newest: newestFirst(columns.seconds) }
}

/** Days since 1970, by place; before that they are negative, as two's complement. */
export function daysOf({ seconds }: Gallery): Uint32Array {
  const days = new Uint32Array(seconds.length)
  for (let at = 0; at < days.length; at++) days[at] = Math.floor(seconds[at]! / secondsPerDay) >>> 0
  return days
}

/**
 * The gallery after some photos have changed, have come or have gone.
 *
 * @param changed their ids, rising
 * @param now those of them that are shown
 */
export function changeGallery(old: Gallery, changed: Uint32Array, now: ShownColumns): Gallery {
  const runs = findRuns(old.ids, changed, now.ids)
  const length = runs.reduce(
    (sum, { from, end, row }) => sum + end - from + (row === null ? 0 : 1),
    0,
  )
  const merge = <T extends Uint32Array | Float64Array>(into: T, before: T, after: Float64Array) => {
    for (const { from, end, to, row } of runs) {
      into.set(before.subarray(from, end) as never, to)
      if (row !== null) into[to + end - from] = after[row]!
    }
    return into
  }
  const seconds = merge(sharedFloats(length), old.seconds, now.seconds)
  return {
    ids: merge(sharedNumbers(length), old.ids, now.ids),
    ratios: merge(sharedNumbers(length), old.ratios, now.ratios),
    seconds,
    newest: changeNewest(old.newest, runs, now, seconds),
  }
}

/** Photos that stay side by side: by run, since almost all do in almost every change. */
interface Run {
  /** Places in the old columns from `from` up to, not including, `end`, … */
  readonly from: number
  readonly end: number
  /** … which stand from `to` on in the new ones. */
  readonly to: number
  /** The row of the photo that comes after them; null if none does. */
  readonly row: number | null
}

/** @param ids of the old columns @param shown ids of those of `changed` that are shown */
function findRuns(ids: Uint32Array, changed: Uint32Array, shown: Float64Array): Run[] {
  const runs: Run[] = []
  let [from, to, row] = [0, 0, 0]
  for (const id of changed) {
    const end = firstAtLeast(ids, id, from)
    const comes = shown[row] === id
    if (!comes && ids[end] !== id) continue
    runs.push({ from, end, to, row: comes ? row++ : null })
    to += end - from + (comes ? 1 : 0)
    from = ids[end] === id ? end + 1 : end
  }
  return [...runs, { from, end: ids.length, to, row: null }]
}

/** The place of a photo that is none any more. */
const gone = 0xffffffff

function changeNewest(
  newest: Uint32Array,
  runs: readonly Run[],
  now: ShownColumns,
  seconds: Float64Array,
): SharedNumbers {
  const moved = new Uint32Array(newest.length).fill(gone)
  const placed = new Uint32Array(now.ids.length)
  for (const { from, end, to, row } of runs) {
    for (let at = from; at < end; at++) moved[at] = to + at - from
    if (row !== null) placed[row] = to + end - from
  }
  const stayed = new Uint32Array(newest.length)
  let count = 0
  for (let at = 0; at < newest.length; at++) {
    const place = moved[newest[at]!]!
    if (place !== gone) stayed[count++] = place
  }
  const came = newestFirst(now.seconds).map((at) => placed[at]!)
  return mergeNewest(stayed.subarray(0, count), came, seconds)
}

/** Two orders of different photos as one. */
function mergeNewest(a: Uint32Array, b: Uint32Array, seconds: Float64Array): SharedNumbers {
  const merged = sharedNumbers(a.length + b.length)
  let [inA, at] = [0, 0]
  for (const place of b) {
    const from = inA
    while (inA < a.length && !isNewer(place, a[inA]!, seconds)) inA++
    merged.set(a.subarray(from, inA), at)
    at += inA - from
    merged[at++] = place
  }
  merged.set(a.subarray(inA), at)
  return merged
}

/** Whether a photo stands before another, as `newestFirst` has it. */
function isNewer(place: number, other: number, seconds: Float64Array): boolean {
  const later = Math.floor(seconds[place]!) - Math.floor(seconds[other]!)
  return later > 0 || (later === 0 && place < other)
}

function join<T extends Uint32Array | Float64Array>(
  into: T,
  pages: readonly ShownColumns[],
  column: keyof ShownColumns,
): T {
  let at = 0
  for (const page of pages) {
    into.set(page[column], at)
    at += page[column].length
  }
  return into
}

/** Memory that every thread can read. */
function sharedNumbers(length: number): SharedNumbers {
  return new Uint32Array(new SharedArrayBuffer(4 * length))
}

function sharedFloats(length: number): Float64Array<SharedArrayBuffer> {
  return new Float64Array(new SharedArrayBuffer(8 * length))
}

/**
 * Places by falling time; of the same second, by rising place. Time and place go into one number
 * each, since the native sort of numbers takes a tenth of the time of one that asks a function; and
 * by index, as callbacks for each number take as long again.
 */
function newestFirst(seconds: Float64Array): SharedNumbers {
  const step = 2 ** Math.ceil(Math.log2(seconds.length + 1))
  const keys = new Float64Array(seconds.length)
  for (let place = 0; place < keys.length; place++) {
    keys[place] = -Math.floor(seconds[place]!) * step + place
  }
  keys.sort()
  const places = sharedNumbers(keys.length)
  for (let at = 0; at < places.length; at++) {
    places[at] = keys[at]! - Math.floor(keys[at]! / step) * step
  }
  return places
}
