/** The photos that can be shown, as columns in memory that every thread reads without copies. */
import { setImmediate as nextTurn } from 'node:timers/promises'
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
  const columns = {
    ids: shared(joined(pages, 'ids')),
    ratios: shared(joined(pages, 'ratios')),
    seconds: sharedFloats(joined(pages, 'seconds')),
  }
  // Others have a turn before the longest part.
  await nextTurn()
  return { ...columns, newest: shared(newestFirst(columns.seconds)) }
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
  /** The new place of each photo that was there, `gone` for those that changed; and of each that is `now`. */
  const moved = new Uint32Array(old.ids.length)
  const placed = new Uint32Array(now.ids.length)
  let length = 0
  let row = 0
  let change = 0
  const placeUpTo = (id: number) => {
    while (row < placed.length && now.ids[row]! <= id) placed[row++] = length++
  }
  for (let at = 0; at < moved.length; at++) {
    const id = old.ids[at]!
    placeUpTo(id)
    while (change < changed.length && changed[change]! < id) change++
    moved[at] = changed[change] === id ? gone : length++
  }
  placeUpTo(Number.POSITIVE_INFINITY)
  const merge = <T extends Uint32Array | Float64Array>(into: T, before: T, after: Float64Array) => {
    for (let at = 0; at < moved.length; at++) {
      if (moved[at] !== gone) into[moved[at]!] = before[at]!
    }
    for (let at = 0; at < placed.length; at++) into[placed[at]!] = after[at]!
    return into
  }
  const seconds = merge(sharedFloats({ length }), old.seconds, now.seconds)
  const stayed = old.newest.map((at) => moved[at]!).filter((place) => place !== gone)
  const came = newestFirst(now.seconds).map((at) => placed[at]!)
  return {
    ids: merge(shared({ length }), old.ids, now.ids),
    ratios: merge(shared({ length }), old.ratios, now.ratios),
    seconds,
    newest: shared(mergeNewest(stayed, came, seconds)),
  }
}

/** The place of a photo that is none any more. */
const gone = 0xffffffff

/** Two orders of different photos as one. */
function mergeNewest(a: Uint32Array, b: Uint32Array, seconds: Float64Array): Uint32Array {
  const merged = new Uint32Array(a.length + b.length)
  let inB = 0
  let at = 0
  for (const place of a) {
    while (inB < b.length && isNewer(b[inB]!, place, seconds)) merged[at++] = b[inB++]!
    merged[at++] = place
  }
  merged.set(b.subarray(inB), at)
  return merged
}

/** Whether a photo stands before another, as `newestFirst` has it. */
function isNewer(place: number, other: number, seconds: Float64Array): boolean {
  const later = Math.floor(seconds[place]!) - Math.floor(seconds[other]!)
  return later > 0 || (later === 0 && place < other)
}

function joined(pages: readonly ShownColumns[], column: keyof ShownColumns): Float64Array {
  const all = new Float64Array(pages.reduce((length, page) => length + page[column].length, 0))
  let at = 0
  for (const page of pages) {
    all.set(page[column], at)
    at += page[column].length
  }
  return all
}

/** A copy that every thread can read; zeros if only a length is given. */
function shared(numbers: ArrayLike<number>): SharedNumbers {
  const copy = new Uint32Array(new SharedArrayBuffer(4 * numbers.length))
  copy.set(numbers)
  return copy
}

function sharedFloats(numbers: ArrayLike<number>): Float64Array<SharedArrayBuffer> {
  const copy = new Float64Array(new SharedArrayBuffer(8 * numbers.length))
  copy.set(numbers)
  return copy
}

/**
 * Places by falling time; of the same second, by rising place. Time and place go into one number
 * each, since the native sort of numbers takes a tenth of the time of one that asks a function; and
 * by index, as callbacks for each number take as long again.
 */
function newestFirst(seconds: Float64Array): Uint32Array {
  const step = 2 ** Math.ceil(Math.log2(seconds.length + 1))
  const keys = new Float64Array(seconds.length)
  for (let place = 0; place < keys.length; place++) {
    keys[place] = -Math.floor(seconds[place]!) * step + place
  }
  keys.sort()
  const places = new Uint32Array(keys.length)
  for (let at = 0; at < places.length; at++) {
    places[at] = keys[at]! - Math.floor(keys[at]! / step) * step
  }
  return places
}
