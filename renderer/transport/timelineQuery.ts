/** The list of all photos, which is asked for before the window is drawn. */
import { orpc, queryClient } from './engine.js'
import { askForFirstTiles } from './tiles/askForFirstTiles.js'

export type Order = 'newest' | 'oldest'

export function timelineQuery(order: Order) {
  return orpc.photos.timeline.queryOptions({ input: { order } })
}

/** Lets the engine work on it, and on the first tiles, while the window's own program is being read. */
export async function askForTimeline(): Promise<void> {
  const query = timelineQuery('newest')
  await queryClient.prefetchQuery(query)
  const timeline = queryClient.getQueryData(query.queryKey)
  if (timeline !== undefined) askForFirstTiles(timeline.library, timeline)
}
