/** The app on loopback: pages, pictures and the contract over a WebSocket, for who holds the token. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { isIP, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { getRequestListener } from '@hono/node-server'
import { Hono } from 'hono'
import { WebSocketServer } from 'ws'
import { AppError } from '../../../shared/errors.js'
import type { Engine } from '../../engine/createEngine.js'
import { systemErrorCode } from '../../platform/fileErrors.js'
import { answerImageRequest } from '../images/answerImageRequest.js'
import type { ImageSource } from '../images/imageSource.js'
import type { Pages } from '../pages/openPages.js'
import { withSecurityHeaders } from '../pages/securityHeaders.js'
import { type Access, type Caller, createAccess } from './access.js'
import { serveContract } from './serveContract.js'

/** A call is a few kilobytes; the largest names 100,000 photos. */
const messageLimitBytes = 2 * 1024 * 1024
const connectionLimit = 64

export type ServedEngine = Pick<Engine, 'router' | 'images'>

export interface ServerOptions {
  /** Always the same one; what is asked of it before it is there waits. */
  readonly engine: () => Promise<ServedEngine>
  readonly pages: Pages
  /** Address to bind to; 127.0.0.1 keeps it on this machine. */
  readonly host: string
  /** 0 for any that is free. */
  readonly port: number
}

export interface RunningServer {
  /** The address with its token, to be opened once. */
  readonly url: string
  dispose(): Promise<void>
}

/** @throws AppError INVALID_ARGUMENT if the address cannot be had */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const server = createServer()
  await listen(server, options)
  const { port } = server.address() as { port: number }
  const access = createAccess(options.host, port)
  const sockets = new WebSocketServer({ noServer: true, maxPayload: messageLimitBytes })
  const app = createApp(access, options)
  server.on('request', getRequestListener(app.fetch, { overrideGlobalObjects: false }))
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy())
    const verdict = judgeUpgrade(access, request)
    if (verdict !== 101) return refuse(socket, verdict)
    if (sockets.clients.size >= connectionLimit) return refuse(socket, 503)
    sockets.handleUpgrade(request, socket, head, (websocket) =>
      sockets.emit('connection', websocket),
    )
  })
  serveContract(sockets, async () => (await options.engine()).router)
  const name = isIP(options.host) === 6 ? `[${options.host}]` : options.host
  return {
    url: `http://${name}:${port}/?token=${access.token}`,
    async dispose() {
      for (const websocket of sockets.clients) websocket.terminate()
      sockets.close()
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function listen(server: Server, { host, port }: ServerOptions): Promise<void> {
  server.listen(port, host)
  try {
    await once(server, 'listening')
  } catch (error) {
    const code = systemErrorCode(error)
    const problem =
      code === 'EADDRINUSE'
        ? `port ${port} is in use; choose another one with --port`
        : `${host}:${port} cannot be used (${code ?? String(error)})`
    throw new AppError('INVALID_ARGUMENT', { argument: 'address', problem }, { cause: error })
  }
}

/** The images of an engine that need not be there yet. */
function imagesOf(engine: ServerOptions['engine']): ImageSource {
  const images = async () => (await engine()).images
  return {
    find: async (...photo) => (await images()).find(...photo),
    tilesAtHand: async (...photos) => (await images()).tilesAtHand(...photos),
    findPicture: async (picture) => (await images()).findPicture(picture),
    addPicture: async (bytes) => (await images()).addPicture(bytes),
  }
}

function createApp(access: Access, { engine, pages }: ServerOptions): Hono {
  const images = imagesOf(engine)
  const app = new Hono()
  app.all('*', async (context) => {
    const request = context.req.raw
    const verdict = access.judge(callerOf(request))
    if (verdict.kind === 'refused') return withSecurityHeaders(refusal(verdict.status))
    if (verdict.kind === 'redirect') {
      const headers = { location: verdict.location, 'set-cookie': verdict.cookie }
      return withSecurityHeaders(new Response(null, { status: 303, headers }))
    }
    const image = await answerImageRequest(request, images)
    return withSecurityHeaders(image ?? pages.answer(request))
  })
  app.onError(() => withSecurityHeaders(new Response(null, { status: 500 })))
  return app
}

function callerOf(request: Request): Caller {
  const header = (name: string) => request.headers.get(name) ?? undefined
  return {
    url: new URL(request.url),
    host: header('host'),
    origin: header('origin'),
    cookie: header('cookie'),
    acting: request.method !== 'GET' && request.method !== 'HEAD',
  }
}

const refusals = {
  401: 'Open the address that Semblance printed when it started.',
  403: 'This page may not talk to Semblance.',
  421: 'Semblance does not answer to this name.',
}

function refusal(status: 401 | 403 | 421): Response {
  return new Response(refusals[status], { status, headers: { 'content-type': 'text/plain' } })
}

/** 101 if the connection may be a WebSocket. */
function judgeUpgrade(access: Access, request: IncomingMessage): number {
  const { host, origin, cookie } = request.headers
  if (!URL.canParse(request.url ?? '', 'http://localhost')) return 400
  const url = new URL(request.url ?? '', 'http://localhost')
  const verdict = access.judge({ url, host, origin, cookie, acting: true })
  if (verdict.kind === 'refused') return verdict.status
  return url.pathname === '/rpc' ? 101 : 404
}

function refuse(socket: Duplex | Socket, status: number): void {
  socket.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}
