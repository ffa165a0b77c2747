/** The contract over a MessagePort, as the desktop window uses it. */
import { MessageChannel } from 'node:worker_threads'
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/message-port'
import { RPCHandler } from '@orpc/server/message-port'
import { testContract } from './contractSuite.js'

testContract(async ({ router }) => {
  const { port1, port2 } = new MessageChannel()
  new RPCHandler(router).upgrade(port1)
  port1.start()
  port2.start()
  return {
    client: createORPCClient(new RPCLink({ port: port2 })),
    async close() {
      port2.close()
    },
  }
})
