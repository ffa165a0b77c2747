/** All photos in the order of time, as packed columns. */
import type { PhotoColumns } from '../../shared/domain/photo.js'
import { packNumbers } from '../platform/packNumbers.js'
import type { Database } from '../storage/openDatabase.js'

export type TimelineOrder = 'newest' | 'oldest'

export interface Timeline {
  read(database: Database, order: TimelineOrder): Promise<PhotoColumns>
}

const secondsPerDay = 86_400

/** Keeps what it read until the library changes. */
export function createTimeline(): Timeline {
  let kept: { stamp: string; columns: Promise<PhotoColumns> } | null = null
  return {
    async read(database, order) {
      const stamp = `${database.folder} ${await database.shownPhotos.version()} ${order}`
      if (kept?.stamp !== stamp) {
        const reading = { stamp, columns: readColumns(database, order) }
        kept = reading
        reading.columns.catch(() => {
          if (kept === reading) kept = null
        })
      }
      return kept.columns
    },
  }
}

async function readColumns(database: Database, order: TimelineOrder): Promise<PhotoColumns> {
  const ids: number[] = []
  const ratios: number[] = []
  const seconds: number[] = []
  for await (const page of database.shownPhotos.columns()) {
    for (let i = 0; i < page.ids.length; i++) {
      ids.push(page.ids[i]!)
      ratios.push(page.ratios[i]!)
      seconds.push(page.seconds[i]!)
    }
  }
  const places = sortedPlaces(seconds)
  if (order === 'newest') places.reverse()
  return {
    ids: packNumbers(places.map((place) => ids[place]!)),
    ratios: packNumbers(places.map((place) => ratios[place]!)),
    // Before 1970 they are negative; two's complement keeps them apart.
    days: packNumbers(places.map((place) => Math.floor(seconds[place]! / secondsPerDay) >>> 0)),
  }
}

/**
 * Places of the values, by rising value. Time and place go into one number each, since the native
 * sort of numbers takes a tenth of the time of one that asks a function.
 */
function sortedPlaces(values: readonly number[]): Uint32Array {
  const step = 2 ** Math.ceil(Math.log2(values.length + 1))
  const keys = Float64Array.from(values, (value, place) => Math.floor(value) * step + place).sort()
  return Uint32Array.from(keys, (key) => key - Math.floor(key / step) * step)
}
