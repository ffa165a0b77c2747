/** Preloaded into the engine's process: `process.parentPort` as Electron has it, over Node's channel. */
import { EventEmitter } from 'node:events'

/** Holds messages back until somebody listens, as Electron's ports do. */
class Port extends EventEmitter {
  #waiting = []
  #started = false
  #id

  constructor(id) {
    super()
    this.#id = id
  }

  postMessage(data) {
    process.send?.({ port: this.#id, data })
  }

  start() {
    this.#started = true
    for (const event of this.#waiting.splice(0)) this.emit('message', event)
  }

  close() {
    process.send?.({ port: this.#id, closed: true })
  }

  receive(event) {
    if (this.#started) this.emit('message', event)
    else this.#waiting.push(event)
  }
}

const parentPort = new Port(0)
parentPort.on('newListener', (name) => {
  if (name === 'message') queueMicrotask(() => parentPort.start())
})
const ports = new Map([[0, parentPort]])
process.parentPort = parentPort

process.on('message', ({ port, data, closed, transferred }) => {
  if (closed) {
    ports.get(port)?.emit('close')
    ports.delete(port)
    return
  }
  for (const id of transferred) ports.set(id, new Port(id))
  ports.get(port)?.receive({ data, ports: transferred.map((id) => ports.get(id)) })
})
process.on('disconnect', () => process.exit())
