/** All photos in the order of time, as packed columns. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { PhotoColumns } from '../../shared/domain/photo.js'
import { packInOrder } from '../platform/packNumbers.js'
import { daysOf, type Gallery } from './gallery.js'

export type TimelineOrder = 'newest' | 'oldest'

/** Others have their turns between the columns: one of a million photos takes its time. */
export async function packTimeline(gallery: Gallery, order: TimelineOrder): Promise<PhotoColumns> {
  const places = order === 'newest' ? gallery.newest : gallery.newest.toReversed()
  const inOrder = async (column: Uint32Array) => {
    await nextTurn()
    return packInOrder(column, places)
  }
  return {
    ids: await inOrder(gallery.ids),
    ratios: await inOrder(gallery.ratios),
    days: await inOrder(daysOf(gallery)),
  }
}
