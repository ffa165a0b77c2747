/** The engine as the window sees it: calls, and queries that keep what was asked. */
import { createORPCClient, ORPCError } from '@orpc/client'
import { createTanstackQueryUtils } from '@orpc/tanstack-query'
import { QueryClient } from '@tanstack/react-query'
import type { EngineClient } from '../../shared/contract/contract.js'
import { connectByMessagePort } from './messagePortLink.js'
import { connectByWebSocket, engineAddress } from './webSocketLink.js'

/** The desktop host's own abilities; undefined in a browser. */
export const host = window.semblanceHost

export const connection = host
  ? connectByMessagePort(host)
  : connectByWebSocket(engineAddress(window.location))

export const engine: EngineClient = createORPCClient(connection.link)

/** `orpc.photos.get.queryOptions({ input })` and its like. */
export const orpc = createTanstackQueryUtils(engine)

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      // Events tell what is outdated; nothing has to be asked again by the clock.
      staleTime: Number.POSITIVE_INFINITY,
      refetchOnWindowFocus: false,
      refetchOnReconnect: false,
      networkMode: 'always',
      // The engine has refused what fails with an ORPCError. Anything else is a lost connection, and
      // the same question then waits for the next one; a few losses in a row are told.
      retry: (losses, error) => losses < 3 && !(error instanceof ORPCError),
      retryDelay: 100,
    },
    mutations: { networkMode: 'always' },
  },
})
