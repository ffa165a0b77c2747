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

/** What clients say before the router is there waits in their connections. */
export function serveContract(sockets: WebSocketServer, router: () => Promise<EngineRouter>): void {
  const serve = async (websocket: WebSocket) => {
    websocket.pause()
    await new RPCHandler(await router()).upgrade(guard(websocket), { context: {} })
    websocket.resume()
  }
  sockets.on('connection', (websocket) => {
    // A message that is too large closes its connection; there is nothing else to do about it.
    websocket.on('error', () => websocket.terminate())
    serve(websocket).catch(() => websocket.terminate())
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
