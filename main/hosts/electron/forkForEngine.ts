/** Starts processes for the engine: only the main process of the desktop app can. */
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { MessageChannelMain, type UtilityProcess, utilityProcess } from 'electron'
import { projectRoot, resolveEntry } from '../../platform/entries.js'
import { isInside } from '../../platform/paths.js'
import { type ForkNews, type ForkRequest, forkRequestSchema } from './forkMessages.js'

/*
 * [Note: no plain Node]
 * A packed app is not Node: `child_process.fork` works in it only while the fuse `runAsNode` is
 * left on, and with it any program of the person's could run code in the name of Semblance, with
 * every folder that the system lets Semblance read. So processes are Electron's utility processes,
 * which carry a port instead of Node's channel; forkedEntry.ts and forkByHost.ts make one look like
 * the other, and the engine knows of neither.
 */
export function forkForEngine(engine: UtilityProcess): void {
  engine.on('message', (message: unknown) => {
    const { data: request } = forkRequestSchema.safeParse(message)
    if (request) start(engine, request)
  })
}

function start(engine: UtilityProcess, { id, entry }: ForkRequest): void {
  if (!isInside(join(projectRoot, 'dist', 'main'), fileURLToPath(entry))) {
    throw new Error(`${entry} is no part of the app`)
  }
  const tell = (news: ForkNews) => engine.postMessage(news)
  const { port1, port2 } = new MessageChannelMain()
  const forked = fileURLToPath(resolveEntry(import.meta.url, './forkedEntry.js'))
  const child = utilityProcess.fork(forked, [], { serviceName: 'Semblance trainer' })
  child.once('spawn', () => tell({ type: 'spawn', id, pid: child.pid ?? 0 }))
  child.once('exit', (code) => tell({ type: 'exit', id, code }))
  child.postMessage({ entry }, [port1])
  engine.postMessage({ type: 'forked', id } satisfies ForkNews, [port2])
}
