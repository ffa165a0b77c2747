/** Requests by way of proxies, and redirections that are not followed. */
import { createServer, type RequestListener, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { expect, onTestFinished, test, vi } from 'vitest'
import { openWeb } from '../../../../main/platform/net/web.js'

const signal = AbortSignal.any([])

async function serve(listener: RequestListener): Promise<{ address: string; server: Server }> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server }
}

/** A proxy that opens tunnels and keeps a list of where to. */
async function serveProxy(): Promise<{ address: string; tunnels: string[] }> {
  const tunnels: string[] = []
  const { address, server } = await serve((_, response) => response.writeHead(501).end())
  server.on('connect', ({ url = '' }, client) => {
    tunnels.push(url)
    const [host = '', port = ''] = url.split(':')
    const target = connect(Number(port), host, () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n')
      target.pipe(client).pipe(target)
    })
    target.on('error', () => client.destroy())
    client.on('error', () => target.destroy())
  })
  return { address, tunnels }
}

async function textFrom(address: string, proxy: string | null): Promise<string> {
  const web = openWeb({ proxy, silenceMs: 1_000 })
  try {
    const { body } = await web.ask('GET', address, { signal })
    let text = ''
    for await (const piece of body) text += Buffer.from(piece).toString()
    return text
  } finally {
    await web.dispose()
  }
}

test('a proxy that was set is used, and so is one of the environment unless it is excepted', async () => {
  const { address } = await serve((_, response) => response.end('hello'))
  const proxy = await serveProxy()
  expect(await textFrom(address, null)).toBe('hello')
  expect(proxy.tunnels).toEqual([])
  expect(await textFrom(address, proxy.address)).toBe('hello')
  expect(proxy.tunnels).toEqual([new URL(address).host])
  vi.stubEnv('HTTP_PROXY', proxy.address)
  vi.stubEnv('http_proxy', proxy.address)
  vi.stubEnv('NO_PROXY', 'example.org')
  vi.stubEnv('no_proxy', 'example.org')
  onTestFinished(() => void vi.unstubAllEnvs())
  expect(await textFrom(address, null)).toBe('hello')
  expect(proxy.tunnels).toHaveLength(2)
  vi.stubEnv('no_proxy', '127.0.0.1')
  expect(await textFrom(address, null)).toBe('hello')
  expect(proxy.tunnels).toHaveLength(2)
})

test('redirections end, and lead to no other protocol', async () => {
  const { address } = await serve(({ url = '' }, response) => {
    const location = { '/file': 'file:///etc/passwd', '/round': '/round' }[url] ?? '/'
    response.writeHead(302, { location }).end()
  })
  for (const path of ['/file', '/round']) {
    await expect(textFrom(address + path, null)).rejects.toMatchObject({ code: 'HUB_UNREACHABLE' })
  }
})

test('an answer that does not come is not waited for without an end', async () => {
  const { address } = await serve(() => {})
  const web = openWeb({ proxy: null, silenceMs: 100 })
  onTestFinished(() => web.dispose())
  await expect(web.ask('GET', address, { signal })).rejects.toMatchObject({
    code: 'UND_ERR_HEADERS_TIMEOUT',
  })
})
