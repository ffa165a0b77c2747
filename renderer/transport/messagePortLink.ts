/** The engine over a MessagePort, which the desktop host hands to the page. */
import { RPCLink } from '@orpc/client/message-port'
import type { HostBridge } from '../../shared/hostBridge.js'
import { type Connection, createConnection } from './connection.js'

/** Asks the host for a port; when the engine starts anew, the host sends another one. */
export function connectByMessagePort(host: HostBridge): Connection {
  return createConnection((onOpen, onLost) => {
    window.addEventListener('message', (event) => {
      const [port] = event.ports
      if (event.source !== window || event.data !== 'semblance:engine' || !port) return
      onLost()
      port.start()
      onOpen(new RPCLink({ port }))
    })
    host.connect()
  })
}
