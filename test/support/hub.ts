/** A hub on this machine: the paths, headers and redirections of the real one, and its bad days. */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** What goes wrong with one request, for a file whose path ends so. */
export type Fault =
  /** The connection is cut after so many bytes. */
  | { readonly kind: 'cut'; readonly afterBytes: number }
  | { readonly kind: 'status'; readonly status: number; readonly retryAfterSeconds?: number }
  /** Nothing more comes after so many bytes, and the connection stays. */
  | { readonly kind: 'silence'; readonly afterBytes: number }
  | { readonly kind: 'wrong bytes' }
  /** The whole file comes, whatever range was asked for. */
  | { readonly kind: 'no ranges' }
  /** More and more comes, of a length that nobody tells. */
  | { readonly kind: 'endless' }
  /** Pieces of `pieceBytes` with a pause before each. */
  | { readonly kind: 'slow'; readonly pieceBytes: number; readonly pauseMs: number }

export interface TestHub {
  readonly endpoint: string
  /** "GET /owner/name/resolve/main/config.json", with the range if one was asked for. */
  readonly requests: readonly string[]
  /** Lets the next `times` downloads of a file go wrong. */
  spoil(path: string, fault: Fault, times?: number): void
  /** Changes whether files have sha256 and size in headers, as on the real hub. */
  tellChecksums(tells: boolean): void
  close(): Promise<void>
}

export const hubCommit = 'c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00'

/** Serves `folder` as the repository `owner/name` until the test ends, or until it is closed. */
export async function startHub(folder: string, repository = 'owner/name'): Promise<TestHub> {
  const requests: string[] = []
  const faults = new Map<string, { fault: Fault; left: number }>()
  let tells = true
  const takeFault = (path: string): Fault | null => {
    const found = [...faults].find(([ending, { left }]) => path.endsWith(ending) && left > 0)
    if (found === undefined) return null
    found[1].left--
    return found[1].fault
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', 'http://hub')
    const range = request.headers.range
    requests.push([request.method, pathname, range].filter(Boolean).join(' '))
    const asked = pathname.match(new RegExp(`^/${repository}/resolve/([^/]+)/(.+)$`))
    const stored = pathname.match(/^\/storage\/(.+)$/)
    const path = asked?.[2] ?? stored?.[1]
    const bytes = path && (await readFile(join(folder, path)).catch(() => null))
    const isKnown = asked === null || ['main', hubCommit].includes(asked?.[1] ?? '')
    if (!path || !bytes || !isKnown) {
      response.writeHead(404).end('Entry not found')
      return
    }
    const isLarge = path.endsWith('.onnx')
    if (asked && isLarge) {
      // Large files are kept elsewhere, and the hub tells of them before it leads there.
      response.writeHead(302, {
        location: `/storage/${path}`,
        ...(tells
          ? {
              'x-repo-commit': hubCommit,
              'x-linked-size': bytes.length,
              'x-linked-etag': `"${createHash('sha256').update(bytes).digest('hex')}"`,
            }
          : {}),
      })
      response.end()
      return
    }
    const git = createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex')
    const headers = tells && !isLarge ? { 'x-repo-commit': hubCommit, etag: `"${git}"` } : {}
    if (request.method === 'HEAD') {
      response.writeHead(200, { ...headers, 'content-length': bytes.length }).end()
      return
    }
    send(response, bytes, range, headers, takeFault(path))
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.destroy(error as Error))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  onTestFinished(close)
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    spoil: (path, fault, times = 1) => faults.set(path, { fault, left: times }),
    tellChecksums(yes) {
      tells = yes
    },
    close,
  }
}

function send(
  response: ServerResponse,
  bytes: Buffer,
  range: string | undefined,
  headers: Record<string, string | number>,
  fault: Fault | null,
): void {
  if (fault?.kind === 'status') {
    const { status, retryAfterSeconds } = fault
    if (retryAfterSeconds !== undefined) response.setHeader('retry-after', retryAfterSeconds)
    response.writeHead(status).end()
    return
  }
  if (fault?.kind === 'endless') {
    response.writeHead(200, headers)
    void sendForever(response)
    return
  }
  const from = fault?.kind === 'no ranges' ? 0 : Number(range?.match(/^bytes=(\d+)-$/)?.[1] ?? 0)
  if (from > 0 && from >= bytes.length) {
    response.writeHead(416, { 'content-range': `bytes */${bytes.length}` }).end()
    return
  }
  const part = Buffer.from(bytes.subarray(from))
  if (fault?.kind === 'wrong bytes') part[part.length - 1]! ^= 1
  response.writeHead(from > 0 ? 206 : 200, {
    ...headers,
    'content-length': part.length,
    ...(from > 0 ? { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` } : {}),
  })
  void sendBody(response, part, fault)
}

async function sendForever(response: ServerResponse): Promise<void> {
  const piece = Buffer.alloc(2 ** 20)
  while (!response.destroyed) {
    if (!response.write(piece))
      await Promise.race([once(response, 'drain'), once(response, 'close')])
  }
}

async function sendBody(response: ServerResponse, part: Buffer, fault: Fault | null) {
  switch (fault?.kind) {
    case 'cut':
      response.write(part.subarray(0, fault.afterBytes))
      // What was written is read before the end is seen.
      await new Promise((resolve) => setTimeout(resolve, 50))
      response.socket?.end()
      return
    case 'silence':
      response.write(part.subarray(0, fault.afterBytes))
      return
    case 'slow':
      for (let at = 0; at < part.length && !response.destroyed; at += fault.pieceBytes) {
        await new Promise((resolve) => setTimeout(resolve, fault.pauseMs))
        response.write(part.subarray(at, at + fault.pieceBytes))
      }
      response.end()
      return
    default:
      response.end(part)
  }
}
