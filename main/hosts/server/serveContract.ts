/** The contract over WebSockets that have been let in. */
import { RPCHandler } from '@orpc/server/ws'
import type { WebSocket, WebSocketServer } from 'ws'
import { z } from 'zod'
import type { EngineRouter } from '../../engine/router.js'

/** What clients of the contract send: a call, or that they have given one up. */
const messageSchema = z.union([
  z.strictObject({
    i: z.string(),
    p: z.strictObject({ u: z.string().regex(/^\/\w+\/\w+$/), b: z.unknown().optional() }),
  }),
  z.strictObject({ i: z.string(), t: z.literal(4) }),
])

const protocolError = 1002

type Listener = (event: { readonly data: unknown }) => void

export function serveContract(sockets: WebSocketServer, router: EngineRouter): void {
  const handler = new RPCHandler(router)
  sockets.on('connection', (websocket) => {
    // A message that is too large closes its connection; there is nothing else to do about it.
    websocket.on('error', () => websocket.terminate())
    handler.upgrade(guard(websocket), { context: {} }).catch(() => websocket.terminate())
  })
}

/** `websocket`, which hears only well-formed messages and is closed at any other. */
function guard(websocket: WebSocket): Pick<WebSocket, 'addEventListener' | 'send'> {
  const listen = (type: string, listener: Listener) => {
    if (type !== 'message') return websocket.addEventListener('close', listener as () => void)
    websocket.addEventListener('message', (event) => {
      if (isMessage(event.data)) listener(event)
      else websocket.close(protocolError)
    })
  }
  return {
    send: websocket.send.bind(websocket),
    addEventListener: listen as WebSocket['addEventListener'],
  }
}

function isMessage(data: unknown): boolean {
  if (typeof data !== 'string') return false
  try {
    return messageSchema.safeParse(JSON.parse(data)).success
  } catch {
    return false
  }
}
