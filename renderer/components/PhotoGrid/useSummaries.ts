/** Names and captions of the photos in sight, asked for in pages and kept. */
import { useDebouncedValue } from '@mantine/hooks'
import { type UseQueryResult, useQueries } from '@tanstack/react-query'
import type { PhotoSummary } from '../../../shared/domain/photo.js'
import { orpc } from '../../transport/engine.js'

const perPage = 200
/** While the grid moves, nobody reads names. */
const restMs = 120

/** Of photos from `first` up to, not including, `end`, and of some around them. */
export function useSummaries(
  ids: Uint32Array,
  first: number,
  end: number,
): ReadonlyMap<number, PhotoSummary> {
  const [firstPage] = useDebouncedValue(Math.floor(first / perPage), restMs)
  const [endPage] = useDebouncedValue(Math.ceil(end / perPage), restMs)
  const pages = Array.from({ length: endPage - firstPage }, (_, page) => {
    const from = (firstPage + page) * perPage
    return [...ids.subarray(from, from + perPage)]
  }).filter((page) => page.length > 0)
  return useQueries({
    queries: pages.map((page) => orpc.photos.summaries.queryOptions({ input: { ids: page } })),
    combine: byId,
  })
}

function byId(pages: readonly UseQueryResult<PhotoSummary[]>[]): Map<number, PhotoSummary> {
  return new Map(pages.flatMap(({ data }) => data ?? []).map((one) => [one.id, one]))
}
