/** What the library says of itself, wherever a view needs it. */
import { useQuery } from '@tanstack/react-query'
import { orpc } from '../../transport/engine.js'

/** `enabled` is false for as long as something else is to be answered first. */
export function useLibrary({ enabled = true } = {}) {
  return useQuery({ ...orpc.library.status.queryOptions(), enabled })
}
