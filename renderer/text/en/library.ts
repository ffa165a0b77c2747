import { countOf } from '../format.js'

export const library = {
  title: 'Photos',
  photo: 'Photo',
  grid: 'All photos',
  scrubber: 'Months',
  select: (name: string) => `Select ${name}`,
  count: (count: number) => countOf(count, 'photo', 'photos'),
  newest: 'Newest first',
  oldest: 'Oldest first',
  order: 'Order',
  size: 'Size of photos',
  failed: 'The photos could not be read',
  reading: 'Your folders are being read. Photos appear here as they are found.',
  nothing: 'No pictures were found in your folders.',
  toSources: 'Look at the folders',
}
