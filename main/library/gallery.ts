/** The photos that can be shown, as columns in memory that every thread reads without copies. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Database } from '../storage/openDatabase.js'
import type { ShownColumns } from '../storage/repositories/shownPhotos.js'

/** Columns over the photos by rising id; `newest` is another order of the same photos. */
export interface Gallery {
  readonly ids: SharedNumbers
  /** Width over height, in hundredths. */
  readonly ratios: SharedNumbers
  /** Days since 1970; before that they are negative, as two's complement. */
  readonly days: SharedNumbers
  /** Places in the columns, of the photo taken last first. */
  readonly newest: SharedNumbers
}
type SharedNumbers = Uint32Array<SharedArrayBuffer>

export type GalleryColumn = keyof Gallery
export const galleryColumns: readonly GalleryColumn[] = ['ids', 'ratios', 'days', 'newest']

const secondsPerDay = 86_400

/** Reads all photos from the database. */
export async function loadGallery(database: Database): Promise<Gallery> {
  const pages: ShownColumns[] = []
  for await (const page of database.shownPhotos.columns()) pages.push(page)
  const seconds = joined(pages, 'seconds')
  const columns = {
    ids: shared(joined(pages, 'ids')),
    ratios: shared(joined(pages, 'ratios')),
    days: shared(daysOf(seconds)),
  }
  // Others have a turn before the longest part.
  await nextTurn()
  return { ...columns, newest: shared(newestFirst(seconds)) }
}

function daysOf(seconds: Float64Array): Uint32Array {
  const days = new Uint32Array(seconds.length)
  for (let at = 0; at < days.length; at++) days[at] = Math.floor(seconds[at]! / secondsPerDay) >>> 0
  return days
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

function shared(numbers: ArrayLike<number>): SharedNumbers {
  const copy = new Uint32Array(new SharedArrayBuffer(4 * numbers.length))
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
