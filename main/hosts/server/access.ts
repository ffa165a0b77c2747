/** Who may talk to the server: whoever holds the token, on a page of the server's own. */
import { randomBytes, timingSafeEqual } from 'node:crypto'
import { networkInterfaces } from 'node:os'

/** What access depends on, from a request or an upgrade. */
export interface Caller {
  readonly url: URL
  readonly host: string | undefined
  readonly origin: string | undefined
  readonly cookie: string | undefined
  /** Whether it may change something, or holds a connection: then its origin counts. */
  readonly acting: boolean
}

export type Verdict =
  | { readonly kind: 'granted' }
  /** The token was in the address: it moves into a cookie, out of sight. */
  | { readonly kind: 'redirect'; readonly location: string; readonly cookie: string }
  | { readonly kind: 'refused'; readonly status: 401 | 403 | 421 }

export interface Access {
  readonly token: string
  judge(caller: Caller): Verdict
}

/** `address`: what the server is bound to. */
export function createAccess(address: string, port: number): Access {
  const token = randomBytes(24).toString('base64url')
  // Cookies do not tell ports apart.
  const cookieName = `semblance-${port}`
  const hosts = allowedHosts(address, port)
  return {
    token,
    judge({ url, host, origin, cookie, acting }) {
      // A foreign name for this machine is how a page elsewhere would reach it (DNS rebinding).
      if (host === undefined || !hosts.has(host.toLowerCase()))
        return { kind: 'refused', status: 421 }
      if (acting && origin !== undefined && origin !== `http://${host}`) {
        return { kind: 'refused', status: 403 }
      }
      if (sameText(readCookie(cookie, cookieName), token)) return { kind: 'granted' }
      if (!sameText(url.searchParams.get('token'), token)) return { kind: 'refused', status: 401 }
      if (acting) return { kind: 'granted' }
      const clean = new URL(url)
      clean.searchParams.delete('token')
      return {
        kind: 'redirect',
        location: `${clean.pathname}${clean.search}`,
        cookie: `${cookieName}=${token}; HttpOnly; SameSite=Strict; Path=/`,
      }
    },
  }
}

/** Names under which the server may be addressed. */
function allowedHosts(address: string, port: number): ReadonlySet<string> {
  const own = Object.values(networkInterfaces())
    .flat()
    .flatMap((entry) => (entry ? [entry.address] : []))
  const everywhere = address === '0.0.0.0' || address === '::'
  const names = ['127.0.0.1', 'localhost', '::1', address, ...(everywhere ? own : [])]
  return new Set(names.map((name) => `${name.includes(':') ? `[${name}]` : name}:${port}`))
}

function readCookie(header: string | undefined, name: string): string | null {
  const pairs = (header ?? '').split(';').map((pair) => pair.trim())
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1) ?? null
}

function sameText(given: string | null, expected: string): boolean {
  if (given === null) return false
  const [a, b] = [Buffer.from(given), Buffer.from(expected)]
  return a.length === b.length && timingSafeEqual(a, b)
}
