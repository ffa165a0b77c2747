/** A link to the engine that survives the loss of what carries it. */
import type { ClientContext, ClientLink } from '@orpc/client'

export type ConnectionState = 'connecting' | 'open' | 'lost'

export interface Connection {
  /** Waits while nothing carries it. */
  readonly link: ClientLink<ClientContext>
  state(): ConnectionState
  subscribe(listener: () => void): () => void
}

type Link = ClientLink<ClientContext>

/** `start` tells of each carrier that opens and each loss. */
export function createConnection(
  start: (onOpen: (link: Link) => void, onLost: () => void) => void,
): Connection {
  let state: ConnectionState = 'connecting'
  let current = Promise.withResolvers<Link>()
  const listeners = new Set<() => void>()
  const change = (next: ConnectionState) => {
    state = next
    for (const listener of listeners) listener()
  }
  start(
    (link) => {
      current.resolve(link)
      change('open')
    },
    () => {
      if (state !== 'open') return
      current = Promise.withResolvers<Link>()
      change('lost')
    },
  )
  return {
    link: {
      call: async (path, input, options) => (await current.promise).call(path, input, options),
    },
    state: () => state,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
