/** The real server over an engine, with pages of its own. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Engine } from '../../main/engine/createEngine.js'
import { openPages } from '../../main/hosts/pages/openPages.js'
import { type RunningServer, startServer } from '../../main/hosts/server/startServer.js'

export interface TestServer extends RunningServer {
  /** Scheme, host and port. */
  readonly origin: string
  /** Where the contract is. */
  readonly rpc: string
}

/** @param engine or one that is loaded later */
export async function serveForFile(engine: Engine | Promise<Engine>): Promise<TestServer> {
  const folder = await mkdtemp(join(tmpdir(), 'semblance-pages-'))
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>Semblance</title>')
  await writeFile(join(folder, 'icon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>')
  const pages = await openPages(folder)
  // They are all in memory.
  await rm(folder, { recursive: true })
  const server = await startServer({
    engine: async () => engine,
    pages,
    host: '127.0.0.1',
    port: 0,
  })
  const { origin, host } = new URL(server.url)
  return { ...server, origin, rpc: `ws://${host}/rpc` }
}

/** The cookie that the address with its token gives. */
export async function signIn(url: string): Promise<string> {
  const answer = await fetch(url, { redirect: 'manual' })
  return answer.headers.get('set-cookie')?.split(';')[0] ?? ''
}
