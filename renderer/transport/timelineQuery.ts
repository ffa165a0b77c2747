/** The list of all photos, which is asked for before the window is drawn. */
import { orpc, queryClient } from './engine.js'

export type Order = 'newest' | 'oldest'

export function timelineQuery(order: Order) {
  return orpc.photos.timeline.queryOptions({ input: { order } })
}

/** Lets the engine work on it while the window's own program is still being read. */
export function askForTimeline(): void {
  void queryClient.prefetchQuery(timelineQuery('newest'))
}
