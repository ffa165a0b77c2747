/** The contract over a WebSocket of the real server, as a browser uses it. */
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/websocket'
import { WebSocket } from 'ws'
import { serveForFile, signIn } from '../support/server.js'
import { testContract } from './contractSuite.js'

testContract(async (engine) => {
  const server = await serveForFile(engine)
  const websocket = new WebSocket(server.rpc, { headers: { cookie: await signIn(server.url) } })
  return {
    client: createORPCClient(
      new RPCLink({ websocket: websocket as unknown as globalThis.WebSocket }),
    ),
    async close() {
      websocket.close()
      await server.dispose()
    },
  }
})
