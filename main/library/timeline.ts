/** All photos in the order of time, as packed columns. */
import type { PhotoColumns } from '../../shared/domain/photo.js'
import { packNumbers } from '../platform/packNumbers.js'
import type { Gallery } from './gallery.js'

export type TimelineOrder = 'newest' | 'oldest'

export function packTimeline(gallery: Gallery, order: TimelineOrder): PhotoColumns {
  const places = order === 'newest' ? gallery.newest : gallery.newest.toReversed()
  const inOrder = (column: Uint32Array) => packNumbers(places.map((place) => column[place]!))
  return {
    ids: inOrder(gallery.ids),
    ratios: inOrder(gallery.ratios),
    days: inOrder(gallery.days),
  }
}
