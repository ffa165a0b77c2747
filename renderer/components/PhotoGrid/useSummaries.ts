/** Names and captions of the photos in sight, asked for in pages and kept. */
import { useEffect, useState } from 'react'
import type { PhotoSummary } from '../../../shared/domain/photo.js'
import { engine, queryClient } from '../../transport/engine.js'

const perCall = 200
/** While the grid moves fast, nobody reads names. */
const restMs = 120

const known = new Map<number, PhotoSummary>()
queryClient.getQueryCache().subscribe((event) => {
  // What was said of photos has changed: everything is asked for again when it is in sight.
  if (event.type === 'updated' && event.action.type === 'invalidate') known.clear()
})

/** What is known of photos so far; `ids` are asked for once they stay in sight. */
export function useSummaries(ids: readonly number[]): ReadonlyMap<number, PhotoSummary> {
  const [, redraw] = useState(0)
  const wanted = ids.join()
  useEffect(() => {
    const timer = setTimeout(async () => {
      const missing = wanted
        .split(',')
        .map(Number)
        .filter((id) => id > 0 && !known.has(id))
      for (let at = 0; at < missing.length; at += perCall) {
        const some = await engine.photos.summaries({ ids: missing.slice(at, at + perCall) })
        for (const summary of some) known.set(summary.id, summary)
      }
      if (missing.length > 0) redraw((count) => count + 1)
    }, restMs)
    return () => clearTimeout(timer)
  }, [wanted])
  return known
}
