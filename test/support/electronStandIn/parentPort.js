/** Preloaded into the engine's process: `process.parentPort` as Electron has it, over Node's channel. */
import { EventEmitter } from 'node:events'
import { isMainThread } from 'node:worker_threads'

// Node's own channel carries everything, and the app must not notice: to it there is none.
// (The worker threads of such a process load this file too, and have none.)
const send = process.send?.bind(process)
const emit = process.emit

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
    send({ port: this.#id, data })
  }

  start() {
    this.#started = true
    for (const event of this.#waiting.splice(0)) this.emit('message', event)
  }

  close() {
    send({ port: this.#id, closed: true })
  }

  receive(event) {
    if (this.#started) this.emit('message', event)
    else this.#waiting.push(event)
  }
}

function standInForParentPort() {
  const parentPort = new Port(0)
  parentPort.on('newListener', (name) => {
    if (name === 'message') queueMicrotask(() => parentPort.start())
  })
  const ports = new Map([[0, parentPort]])
  process.parentPort = parentPort

  function receive({ port, data, closed, transferred }) {
    if (closed) {
      ports.get(port)?.emit('close')
      ports.delete(port)
      return
    }
    for (const id of transferred) ports.set(id, new Port(id))
    ports.get(port)?.receive({ data, ports: transferred.map((id) => ports.get(id)) })
  }

  process.emit = (name, message, ...rest) => {
    if (name !== 'message' || message?.standIn === undefined) {
      return emit.call(process, name, message, ...rest)
    }
    receive(message.standIn)
    return true
  }
  // Without a listener Node holds messages back.
  process.on('message', () => {})
  process.on('disconnect', () => {
    if (!process.channel) process.exit()
  })
}

if (isMainThread) standInForParentPort()
