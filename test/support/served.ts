/** `semblance serve` in a process of its own, and the contract as a page has it. */
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/websocket'
import { WebSocket } from 'ws'
import { z } from 'zod'
import type { EngineClient } from '../../shared/contract/contract.js'
import type { RunningCommand } from './commandLine.js'
import { signIn } from './server.js'

const readySchema = z.strictObject({ url: z.url() })

/** The address that a server prints with --json. */
export async function addressOf(server: RunningCommand): Promise<string> {
  return readySchema.parse(JSON.parse(await server.line((line) => line.startsWith('{')))).url
}

export interface ServedClient {
  readonly client: EngineClient
  close(): void
}

export async function connectTo(url: string): Promise<ServedClient> {
  const websocket = new WebSocket(new URL('/rpc', url.replace('http', 'ws')), {
    headers: { cookie: await signIn(url) },
  })
  const link = new RPCLink({ websocket: websocket as unknown as globalThis.WebSocket })
  return { client: createORPCClient(link), close: () => websocket.close() }
}
