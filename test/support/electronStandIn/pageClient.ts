/** Bundled and run in the page: a second client of the engine, with which tests ask as the page could. */
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/message-port'

type Port = ConstructorParameters<typeof RPCLink>[0]['port'] & { start(): void }
interface EngineMessage {
  readonly data: unknown
  readonly ports: readonly [Port]
  stopImmediatePropagation(): void
}
interface Page {
  readonly semblanceHost: { connect(): void }
  addEventListener(name: 'message', listener: (event: EngineMessage) => void): void
  /** How often the page was given a port for itself. */
  portsGiven: number
  /** Asks for a port of the tests' own and makes a client of it. */
  connectTest(): Promise<void>
  engineClient?: unknown
}
const page = globalThis as unknown as Page
let take: ((port: Port) => void) | null = null

page.portsGiven = 0
page.connectTest = async () => {
  const port = await new Promise<Port>((resolve) => {
    take = resolve
    page.semblanceHost.connect()
  })
  port.start()
  page.engineClient = createORPCClient(new RPCLink({ port }))
}
// Registered before the page's own listener, from which it can keep a port.
page.addEventListener('message', (event) => {
  if (event.data !== 'semblance:engine') return
  if (take === null) {
    page.portsGiven++
    return
  }
  event.stopImmediatePropagation()
  take(event.ports[0])
  take = null
})
