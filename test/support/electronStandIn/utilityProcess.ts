/** Utility processes as forked Node processes whose `process.parentPort` is parentPort.js. */
import { type ChildProcess, fork } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { basename } from 'node:path'
import { z } from 'zod'
import type { MessagePortMain } from './ports.js'

const messageSchema = z.object({
  port: z.number(),
  data: z.unknown(),
  closed: z.boolean().optional(),
})

/** All that were ever forked. */
export const utilityProcesses: UtilityProcess[] = []

export class UtilityProcess extends EventEmitter {
  readonly child: ChildProcess
  private readonly ports = new Map<number, MessagePortMain>()
  private lastPort = 0

  constructor(entry: string, options: readonly string[]) {
    super()
    const preload = new URL('./parentPort.js', import.meta.url).href
    this.child = fork(entry, options, {
      execArgv: ['--import', preload],
      serialization: 'advanced',
    })
    this.child.on('message', (message) => this.receive(message))
    this.child.once('spawn', () => this.emit('spawn'))
    this.child.once('exit', (code, signal) => {
      for (const port of this.ports.values()) port.close()
      this.emit('exit', code ?? (signal === null ? 1 : 128))
    })
  }

  /** Name of the file that it runs. */
  get entry(): string {
    return basename(this.child.spawnargs.at(-1) ?? '')
  }

  get pid(): number | undefined {
    const alive = this.child.exitCode === null && this.child.signalCode === null
    return alive ? this.child.pid : undefined
  }

  postMessage(data: unknown, transfer: readonly MessagePortMain[] = []): void {
    const transferred = transfer.map((port) => this.adopt(port))
    this.send({ port: 0, data, transferred })
    for (const id of transferred) this.carry(id)
  }

  kill(): boolean {
    return this.child.kill()
  }

  private adopt(port: MessagePortMain): number {
    this.ports.set(++this.lastPort, port)
    return this.lastPort
  }

  /** Only now may its messages go out: the process must know the port first. */
  private carry(id: number): void {
    this.ports.get(id)?.carryBy({
      send: (data) => this.send({ port: id, data, transferred: [] }),
      close: () => this.send({ port: id, closed: true }),
    })
  }

  private send(message: unknown): void {
    if (this.child.connected) this.child.send({ standIn: message }, () => {})
  }

  private receive(message: unknown): void {
    const { port, data, closed } = messageSchema.parse(message)
    if (port === 0) this.emit('message', data)
    else if (closed) this.ports.get(port)?.close()
    else this.ports.get(port)?.postMessage(data)
  }
}

export const utilityProcess = {
  fork(entry: string, options: readonly string[] = []): UtilityProcess {
    const started = new UtilityProcess(entry, options)
    utilityProcesses.push(started)
    return started
  },
}
