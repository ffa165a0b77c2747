/** What the library says of itself, wherever a view needs it. */
import { useQuery } from '@tanstack/react-query'
import { orpc } from '../../transport/engine.js'

export function useLibrary() {
  return useQuery(orpc.library.status.queryOptions())
}
