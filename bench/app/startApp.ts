/** The real app in a process of its own: `semblance serve`, and the contract over its WebSocket. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/websocket'
import { WebSocket } from 'ws'
import { z } from 'zod'
import { projectRoot, resolveEntry } from '../../main/platform/entries.js'
import type { EngineClient } from '../../shared/contract/contract.js'
import type { ProcessState } from './recordLoop.js'

export interface RunningApp {
  /** The address with its token. */
  readonly url: string
  /** From the start of the process until it has printed its address. */
  readonly readyMs: number
  /** When it was started, as `performance.now()` tells. */
  readonly startedAt: number
  /** What the process is like, and its longest block since this was last asked. */
  state(): Promise<ProcessState>
  connect(): Promise<Connection>
  stop(): Promise<void>
}

export interface Connection {
  readonly engine: EngineClient
  close(): void
}

const commandLine = join(projectRoot, 'dist', 'app', 'semblance.js')
const readySchema = z.object({ url: z.url() })

export async function startApp(libraryFolder: string): Promise<RunningApp> {
  const startedAt = performance.now()
  const recorder = resolveEntry(import.meta.url, './recordLoop.js').href
  const serve = ['serve', '--no-open', '--json', '--library', libraryFolder]
  const child = spawn(process.execPath, ['--import', recorder, commandLine, ...serve], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  const url = await readAddress(child)
  const readyMs = performance.now() - startedAt
  return {
    url,
    readyMs,
    startedAt,
    async state() {
      const answer = once(child, 'message') as Promise<[ProcessState]>
      child.send('state')
      return (await answer)[0]
    },
    connect: () => connect(url),
    async stop() {
      if (child.exitCode !== null) return
      child.kill('SIGTERM')
      await once(child, 'exit')
    },
  }
}

async function readAddress(child: ChildProcess): Promise<string> {
  for await (const line of createInterface({ input: child.stdout! })) {
    if (line.startsWith('{')) return readySchema.parse(JSON.parse(line)).url
  }
  throw new Error('the app ended before it was ready')
}

/** As a page connects: with the cookie that the address with its token gives. */
async function connect(url: string): Promise<Connection> {
  const signedIn = await fetch(url, { redirect: 'manual' })
  const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? ''
  const address = new URL('/rpc', url.replace('http', 'ws'))
  const websocket = new WebSocket(address, { headers: { cookie } })
  await once(websocket, 'open')
  const link = new RPCLink({ websocket: websocket as unknown as globalThis.WebSocket })
  return { engine: createORPCClient(link), close: () => websocket.close() }
}
