/** Where the window is, as its address says: a view, perhaps a query, perhaps an open photo. */
import { useSearchParams } from 'wouter'
import { navigate } from 'wouter/use-browser-location'
import type { SearchOrder } from '../../shared/domain/search.js'

export const paths = {
  photos: '/',
  search: '/search',
  sources: '/sources',
  teach: '/teach',
  models: '/models',
  settings: '/settings',
} as const

/**
 * Shows the results of a query; an empty one leads back to all photos. `replace`: in the place of
 * the results that are shown, since nobody wants to walk back through every letter.
 */
export function openSearch(
  query: string,
  order: SearchOrder = 'relevance',
  { replace = false }: { readonly replace?: boolean } = {},
): void {
  if (query.trim() === '') {
    navigate(paths.photos)
    return
  }
  const parameters = new URLSearchParams({ q: query })
  if (order !== 'relevance') parameters.set('order', order)
  navigate(`${paths.search}?${parameters}`, { replace })
}

/** Where a model that can be downloaded is shown among the others. */
export function pathOfEntry(entry: string): string {
  return `${paths.models}?${new URLSearchParams({ entry })}`
}

/** The model that can be downloaded to which the address leads; null for none. */
export function useSoughtEntry(): string | null {
  return useSearchParams()[0].get('entry')
}

/** The query in the address; empty outside the results. */
export function useQueryText(): string {
  return useSearchParams()[0].get('q') ?? ''
}

/** The photo that is open above the view, and how to open another or close it. */
export function useOpenPhoto(): [number | null, (id: number | null) => void] {
  const [parameters, setParameters] = useSearchParams()
  const id = Number(parameters.get('photo'))
  const open = (next: number | null) =>
    setParameters(
      (current) => {
        const changed = new URLSearchParams(current)
        if (next === null) changed.delete('photo')
        else changed.set('photo', String(next))
        return changed
      },
      // Paging from photo to photo is no way back that anybody wants to walk.
      { replace: parameters.has('photo') },
    )
  return [Number.isInteger(id) && id > 0 ? id : null, open]
}
