/** The photos that can be shown, as columns in memory that every thread reads without copies. */
import type { Database } from '../../storage/openDatabase.js'
import type { ShownColumns } from '../../storage/repositories/shownPhotos.js'
import { sortRising } from './sortPlaces.js'

/** Columns over the photos by rising id; `newest` is another order of the same photos. */
export interface Gallery {
  readonly ids: SharedNumbers
  /** Width over height, in hundredths. */
  readonly ratios: SharedNumbers
  /** Days since 1970; 0 for photos from before. */
  readonly days: SharedNumbers
  /** Places in the columns, of the photo taken last first. */
  readonly newest: SharedNumbers
}
type SharedNumbers = Uint32Array<SharedArrayBuffer>

const secondsPerDay = 86_400

export interface GalleryCache {
  /** The library's photos as they are now; read again only after something has changed. */
  get(): Promise<Gallery>
}

export function createGalleryCache(database: Database): GalleryCache {
  let latest: { version: number; gallery: Promise<Gallery> } | null = null
  return {
    async get(): Promise<Gallery> {
      const version = await database.shownPhotos.version()
      if (latest?.version !== version) {
        const loading = { version, gallery: loadGallery(database) }
        latest = loading
        // A failure is not kept.
        loading.gallery.catch(() => {
          if (latest === loading) latest = null
        })
      }
      return latest.gallery
    },
  }
}

async function loadGallery(database: Database): Promise<Gallery> {
  const pages: ShownColumns[] = []
  for await (const page of database.shownPhotos.columns()) pages.push(page)
  const seconds = joined(pages, 'seconds')
  return {
    ids: shared(joined(pages, 'ids')),
    ratios: shared(joined(pages, 'ratios')),
    days: shared(seconds.map((second) => Math.max(0, Math.floor(second / secondsPerDay)))),
    newest: shared(newestFirst(seconds)),
  }
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

/** Places by falling time; of the same second, by rising place. */
function newestFirst(seconds: Float64Array): Uint32Array {
  const largest = 2 ** 32 - 1
  // 136 years before it have places of their own: from 1935 to 2071.
  const latest = 3.2e9
  return sortRising(
    Uint32Array.from(seconds, (second) => Math.max(0, Math.min(latest - second, largest))),
  )
}
