/** The server answers who holds the token, on its own name, and nobody and nothing else. */
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { createEngine, type Engine } from '../../../../main/engine/createEngine.js'
import { startServer } from '../../../../main/hosts/server/startServer.js'
import { connectTo } from '../../../support/served.js'
import { serveForFile, signIn, type TestServer } from '../../../support/server.js'
import { writeSmallModel } from '../../../support/smallModel.js'
import { folderForFile } from '../../../support/temporaryFolder.js'

const folder = folderForFile()
let engine: Engine
let server: TestServer
let cookie: string

beforeAll(async () => {
  await writeSmallModel(join(folder(), 'model'))
  engine = createEngine({
    libraryFolder: join(folder(), 'library'),
    starterFolder: join(folder(), 'model'),
  })
  server = await serveForFile(engine)
  cookie = await signIn(server.url)
})

afterAll(async () => {
  await server?.dispose()
  await engine?.dispose()
})

interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

interface Asking {
  readonly method?: string
  readonly headers?: Record<string, string>
  readonly body?: string | Buffer
}

/** Asks for exactly this path: `fetch` would tidy it up first. */
function ask(path: string, { method = 'GET', headers = {}, body }: Asking = {}): Promise<Answer> {
  const { hostname, port } = new URL(server.origin)
  return new Promise((resolve, reject) => {
    // On a connection of its own: one that is kept may be one that the server has just cut off.
    const where = { hostname, port, path, method, headers, agent: false }
    const request = httpRequest(where, (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('end', () => {
        const text = Buffer.concat(parts).toString()
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text })
      })
      response.on('error', reject)
    })
    request.on('error', reject)
    request.end(body)
  })
}

const signedIn = (headers: Record<string, string> = {}) => ({ headers: { cookie, ...headers } })

/** The status with which an upgrade is answered; 101 if the socket opens. */
function upgrade(path: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(server.origin.replace('http', 'ws') + path, { headers })
    socket.on('open', () => {
      socket.terminate()
      resolve(101)
    })
    socket.on('unexpected-response', (_, response) => resolve(response.statusCode ?? 0))
    socket.on('error', reject)
  })
}

const addresses = ['/', '/index.html', '/icon.svg', '/search', '/images/x/1/tile', '/pictures/x']

test.each(addresses)('%s is nothing to who has no token', async (path) => {
  for (const wrong of [
    ask(path),
    ask(`${path}?token=wrong`),
    ask(path, { headers: { cookie: cookie.replace(/.$/, '') } }),
    ask(path, { headers: { cookie: cookie.split('=')[0]! } }),
  ]) {
    const { status, body, headers } = await wrong
    expect(status).toBe(401)
    expect(body).not.toContain('<title>')
    expect(headers['set-cookie']).toBeUndefined()
  }
})

test('the token moves from the address into a cookie that scripts and other sites never get', async () => {
  const { pathname, search } = new URL(server.url)
  const first = await ask(`${pathname}${search}`)
  expect(first).toMatchObject({ status: 303, headers: { location: '/' } })
  expect(first.headers['set-cookie']?.[0]).toMatch(/; HttpOnly; SameSite=Strict; Path=\/$/)
  const page = await ask('/', signedIn())
  expect(page).toMatchObject({ status: 200 })
  expect(page.body).toContain('<title>Semblance')
})

test('every answer forbids what the app does not need', async () => {
  for (const path of [...addresses, '/nothing.here']) {
    for (const asking of [{}, signedIn()]) {
      const { headers } = await ask(path, asking)
      const policy = headers['content-security-policy'] ?? ''
      expect(policy).toContain("default-src 'none'")
      expect(policy).not.toMatch(/script-src[^;]*unsafe|\*|https?:/)
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'x-frame-options': 'DENY',
      })
      expect(headers['access-control-allow-origin']).toBeUndefined()
      expect(headers['x-powered-by']).toBeUndefined()
    }
  }
})

test.each(['semblance.example', 'localhost.example:80', '127.0.0.1', '127.0.0.1:1', 'localhost:0'])(
  'the Host %s is not the server',
  async (host) => {
    const token = new URL(server.url).search
    for (const path of ['/', `/${token}`]) {
      expect(await ask(path, signedIn({ host }))).toMatchObject({ status: 421 })
    }
    expect(await upgrade('/rpc', { cookie, host })).toBe(421)
  },
)

test.each(['http://evil.example', 'https://127.0.0.1', 'null', 'http://127.0.0.1:1'])(
  'a page from %s may neither connect nor post',
  async (origin) => {
    expect(await upgrade('/rpc', { cookie, origin })).toBe(403)
    const posted = ask('/pictures', { method: 'POST', ...signedIn({ origin }), body: 'x' })
    expect(await posted).toMatchObject({ status: 403 })
  },
)

test('a page of the server may connect, on either of its names', async () => {
  expect(await upgrade('/rpc', { cookie, origin: server.origin })).toBe(101)
  const { port } = new URL(server.origin)
  const host = `localhost:${port}`
  expect(await upgrade('/rpc', { cookie, host, origin: `http://${host}` })).toBe(101)
  expect(await upgrade('/rpc', { origin: server.origin })).toBe(401)
  expect(await upgrade('/elsewhere', { cookie, origin: server.origin })).toBe(404)
})

const traversals = [
  '/../package.json',
  '/assets/../../package.json',
  '/..%2f..%2fetc%2fpasswd',
  '/%2e%2e/%2e%2e/etc/passwd',
  '/..%5c..%5cetc%5cpasswd',
  '/..\\..\\etc\\passwd',
  '//etc/passwd',
  '/etc/passwd',
  '/index.html%00.png',
  '/%c0%ae%c0%ae/etc/passwd',
  '/images/x/1/../../../../etc/passwd',
  '/images/..%2f..%2fetc/1/original',
  '/images/x/1/original/../../../etc/passwd',
  '/images/x/1e3/original',
  '/pictures/..%2f..%2fetc%2fpasswd',
  '/pictures/../library.sqlite',
  '/file:///etc/passwd',
  '/%',
  '/%zz',
]

test.each(traversals)('%s leads to no file', async (path) => {
  const { status, body } = await ask(path, signedIn())
  expect([200, 400, 404]).toContain(status)
  // An address of the app's views gives its page, and nothing else.
  if (status === 200) expect(body).toContain('<title>Semblance')
  expect(body).not.toMatch(/root:|"name": "semblance"|\/tmp|SQLite/)
})

test.each(['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'POST'])('%s does nothing', async (method) => {
  const { status } = await ask('/index.html', { method, ...signedIn() })
  expect(status).toBe(405)
})

test('pages are sent once, and asked for by their tag afterwards', async () => {
  const { headers } = await ask('/icon.svg', signedIn())
  expect(headers).toMatchObject({ 'content-type': 'image/svg+xml', 'cache-control': 'no-cache' })
  const again = await ask('/icon.svg', signedIn({ 'if-none-match': headers.etag ?? '' }))
  expect(again).toMatchObject({ status: 304, body: '' })
  const head = await ask('/icon.svg', { method: 'HEAD', ...signedIn() })
  expect(head).toMatchObject({ status: 200, body: '' })
})

test('what is no picture, or too large for one, is refused with its reason', async () => {
  const post = (body: string | Buffer, headers = {}) =>
    ask('/pictures', { method: 'POST', ...signedIn(headers), body })
  const refused = await post('no picture')
  expect(refused.status).toBe(422)
  expect(JSON.parse(refused.body)).toMatchObject({ code: 'IMAGE_UNREADABLE' })
  expect(refused.body).not.toContain(folder())
  const large = String(65 * 1024 * 1024)
  expect(await post('', { 'content-length': large }).catch(() => ({ status: 413 }))).toMatchObject({
    status: 413,
  })
})

test('a body that never ends is cut off at its limit', { timeout: 60_000 }, async () => {
  const { hostname, port } = new URL(server.origin)
  const socket = connect(Number(port), hostname)
  socket.on('error', () => {})
  socket.write(
    `POST /pictures HTTP/1.1\r\nHost: ${hostname}:${port}\r\nCookie: ${cookie}\r\nTransfer-Encoding: chunked\r\n\r\n`,
  )
  const answered = new Promise<string>((resolve) => {
    socket.once('data', (data) => resolve(data.toString()))
    socket.once('close', () => resolve('closed'))
  })
  const piece = Buffer.alloc(1024 * 1024)
  let answer = ''
  void answered.then((text) => (answer = text))
  for (let sent = 0; sent < 80 && answer === ''; sent++) {
    socket.write(`${piece.length.toString(16)}\r\n`)
    await new Promise((resolve) =>
      socket.write(Buffer.concat([piece, Buffer.from('\r\n')]), resolve),
    )
  }
  expect(await answered).toMatch(/^HTTP\/1\.1 413|^closed/)
  socket.destroy()
  expect(await ask('/', signedIn())).toMatchObject({ status: 200 })
})

test('pages are there before the engine, and what is asked of it meanwhile is answered once it is', async () => {
  let load = (_: Engine) => {}
  const loading = new Promise<Engine>((resolve) => {
    load = resolve
  })
  const early = await serveForFile(loading)
  const headers = { cookie: await signIn(early.url) }
  expect((await fetch(early.origin, { headers })).status).toBe(200)
  const { client, close } = await connectTo(early.url)
  const settings = client.settings.get()
  const image = fetch(`${early.origin}/images/none/1/tile`, { headers })
  const first = await Promise.race([settings, image, delay(100, 'nothing')])
  expect(first).toBe('nothing')
  load(engine)
  expect(await settings).toMatchObject({ theme: 'system' })
  expect((await image).status).toBe(404)
  close()
  await early.dispose()
})

test('a port that is in use is told of', async () => {
  const { port } = new URL(server.origin)
  const pages = { answer: () => new Response() }
  const second = startServer({
    engine: async () => engine,
    pages,
    host: '127.0.0.1',
    port: Number(port),
  })
  await expect(second).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
    message: expect.stringContaining(`port ${port} is in use`),
  })
})
