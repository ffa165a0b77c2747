/** The engine over a WebSocket of the page's own origin, opened again whenever it is lost. */
import { RPCLink } from '@orpc/client/websocket'
import { type Connection, createConnection } from './connection.js'

const retryMs = 1_000

/** Connects at once, and again a second after each loss. */
export function connectByWebSocket(address: URL): Connection {
  return createConnection((onOpen, onLost) => {
    const open = () => {
      const websocket = new WebSocket(address)
      websocket.addEventListener('open', () => onOpen(new RPCLink({ websocket })))
      websocket.addEventListener('close', () => {
        onLost()
        setTimeout(open, retryMs)
      })
    }
    open()
  })
}

/** Where the page's own server answers. */
export function engineAddress(page: Location): URL {
  const address = new URL('/rpc', page.href)
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:'
  return address
}
