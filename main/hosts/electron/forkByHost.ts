/** The engine's side of the processes that the main process starts for it. */
import { EventEmitter } from 'node:events'
import type { MessagePortMain, ParentPort } from 'electron'
import type { ForkedProcess, ForkProcess } from '../../platform/forkProcess.js'
import { type ForkNews, type ForkRequest, forkNewsSchema, received } from './forkMessages.js'

export function createHostFork(parent: ParentPort): ForkProcess {
  const running = new Map<number, HostedProcess>()
  let lastId = 0
  parent.on('message', ({ data, ports }) => {
    const { data: news } = forkNewsSchema.safeParse(data)
    if (!news) return
    running.get(news.id)?.hear(news, ports[0])
    if (news.type === 'exit') running.delete(news.id)
  })
  return (entry) => {
    const id = ++lastId
    const started = new HostedProcess()
    running.set(id, started)
    parent.postMessage({ type: 'fork', id, entry: entry.href } satisfies ForkRequest)
    return started
  }
}

class HostedProcess extends EventEmitter implements ForkedProcess {
  pid: number | undefined
  connected = true
  private port: MessagePortMain | null = null
  private readonly unsent: object[] = []

  send(message: object, sent: (error: Error | null) => void): boolean {
    if (this.port) this.port.postMessage(message)
    else this.unsent.push(message)
    sent(null)
    return true
  }

  kill(signal: NodeJS.Signals): boolean {
    return this.pid !== undefined && process.kill(this.pid, signal)
  }

  hear(news: ForkNews, port: MessagePortMain | undefined): void {
    switch (news.type) {
      case 'forked':
        if (port) this.open(port)
        return
      case 'spawn':
        this.pid = news.pid
        this.emit('spawn')
        return
      case 'exit':
        this.pid = undefined
        this.connected = false
        this.emit('close', news.code, null)
        return
    }
  }

  private open(port: MessagePortMain): void {
    this.port = port
    port.on('message', ({ data }) => {
      this.emit('message', data)
      port.postMessage(received)
    })
    port.on('close', () => {
      this.connected = false
    })
    port.start()
    for (const message of this.unsent.splice(0)) port.postMessage(message)
  }
}
