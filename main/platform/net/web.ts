/** Requests to other hosts: by way of a proxy where there is one, and never without being asked to. */
import type { EnvHttpProxyAgent } from 'undici'
import { AppError } from '../../../shared/errors.js'
import { systemErrorCode } from '../fileErrors.js'

export interface WebOptions {
  /** Address of a proxy; null takes HTTP_PROXY, HTTPS_PROXY and NO_PROXY of the environment. */
  readonly proxy: string | null
  /** Longest silence that is waited through, for an answer or between two pieces of one. */
  readonly silenceMs: number
}

export interface Answer {
  readonly status: number
  /** Of the last answer, but for those that only the first hop of a redirection gave. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: AsyncIterable<Uint8Array>
  /** Gives up the rest of the body. */
  discard(): void
}

export interface Web {
  /** @throws what undici throws of connections, which `describeFailure` puts into words */
  ask(
    method: 'GET' | 'HEAD',
    address: string,
    options: { readonly headers?: Record<string, string>; readonly signal: AbortSignal },
  ): Promise<Answer>
  dispose(): Promise<void>
}

const redirections = new Set([301, 302, 303, 307, 308])
const mostRedirections = 8

export function openWeb({ proxy, silenceMs }: WebOptions): Web {
  let opened: Promise<EnvHttpProxyAgent> | null = null
  // Most sessions ask nothing of the network, and all would wait for undici to be read.
  const undici = () => import('undici')
  const openAgent = async () => {
    const { EnvHttpProxyAgent: Agent } = await undici()
    return new Agent({
      headersTimeout: silenceMs,
      bodyTimeout: silenceMs,
      connect: { timeout: silenceMs },
      ...(proxy === null ? {} : { httpProxy: proxy, httpsProxy: proxy, noProxy: '' }),
    })
  }
  return {
    async ask(method, address, { headers = {}, signal }) {
      const { request } = await undici()
      opened ??= openAgent()
      const agent = await opened
      let at = new URL(address)
      let seen: Record<string, string> = {}
      for (let hop = 0; hop <= mostRedirections; hop++) {
        const {
          statusCode,
          headers: given,
          body,
        } = await request(at, {
          method,
          // Compressed bytes could neither be resumed nor counted.
          headers: { 'accept-encoding': 'identity', 'user-agent': 'semblance', ...headers },
          signal,
          dispatcher: agent,
        })
        const here = toSingleHeaders(given)
        seen = { ...seen, ...withoutRepeated(here, seen) }
        if (!redirections.has(statusCode) || here.location === undefined) {
          return { status: statusCode, headers: seen, body, discard: () => discard(body) }
        }
        discard(body)
        at = follow(at, here.location)
      }
      throw new AppError('HUB_UNREACHABLE', { address, reason: 'it redirects without an end' })
    },
    dispose: async () => (await opened)?.close(),
  }
}

/** What the hub says of a file stands in the first answer, what is sent in the last. */
function withoutRepeated(here: Record<string, string>, seen: Record<string, string>) {
  return Object.fromEntries(
    Object.entries(here).filter(([name]) => !name.startsWith('x-') || !(name in seen)),
  )
}

function toSingleHeaders(given: Record<string, string | string[] | undefined>) {
  const single = Object.entries(given).map(([name, value]) => [
    name,
    Array.isArray(value) ? value[0] : value,
  ])
  return Object.fromEntries(single) as Record<string, string>
}

function follow(from: URL, location: string): URL {
  const to = new URL(location, from)
  const allowed = to.protocol === 'https:' || (to.protocol === 'http:' && from.protocol === 'http:')
  if (allowed) return to
  const reason = `it redirects to ${to.protocol}//, which is not as safe`
  throw new AppError('HUB_UNREACHABLE', { address: from.href, reason })
}

function discard(body: { destroy(): unknown; on(event: 'error', listener: () => void): unknown }) {
  body.on('error', () => {})
  body.destroy()
}

const reasons: Readonly<Record<string, string>> = {
  ENOTFOUND: 'there is no such host, or no connection',
  EAI_AGAIN: 'there is no connection',
  ECONNREFUSED: 'nobody answers there',
  ECONNRESET: 'the connection was cut',
  UND_ERR_SOCKET: 'the connection was cut',
  UND_ERR_CONNECT_TIMEOUT: 'it did not answer in time',
  UND_ERR_HEADERS_TIMEOUT: 'it did not answer in time',
  UND_ERR_BODY_TIMEOUT: 'it fell silent',
}

/** Why a request failed, for people. */
export function describeFailure(error: unknown): string {
  const code = systemErrorCode(error)
  const known = code === null ? undefined : reasons[code]
  return known ?? (error instanceof Error ? error.message : String(error))
}
