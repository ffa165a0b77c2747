/** MessageChannelMain: two ends, each of which may go to the engine's process or into the page. */
import { EventEmitter } from 'node:events'

/** Where the far side of a transferred port is. */
export interface Carrier {
  send(data: unknown): void
  close(): void
}

export class MessagePortMain extends EventEmitter {
  peer: MessagePortMain | null = null
  private readonly waiting: unknown[] = []
  private deliver: ((data: unknown) => void) | null = null
  private carrier: Carrier | null = null

  postMessage(data: unknown): void {
    this.peer?.receive(structuredClone(data))
  }

  start(): void {
    this.deliverBy((data) => this.emit('message', { data, ports: [] }))
  }

  close(): void {
    const peer = this.peer
    this.peer = null
    peer?.closed()
  }

  /** Hands this end over; its messages are posted with `postMessage` by whoever carries it. */
  carryBy(carrier: Carrier): void {
    this.carrier = carrier
    this.deliverBy((data) => carrier.send(data))
  }

  private receive(data: unknown): void {
    if (this.deliver) this.deliver(data)
    else this.waiting.push(data)
  }

  private deliverBy(deliver: (data: unknown) => void): void {
    this.deliver = deliver
    for (const data of this.waiting.splice(0)) deliver(data)
  }

  private closed(): void {
    this.peer = null
    this.carrier?.close()
    this.emit('close')
  }
}

export class MessageChannelMain {
  readonly port1 = new MessagePortMain()
  readonly port2 = new MessagePortMain()

  constructor() {
    this.port1.peer = this.port2
    this.port2.peer = this.port1
  }
}
