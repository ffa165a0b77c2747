/** The app's own scheme is one that Chromium does not know: its pages stand at https://semblance/. */
import type { Request as PageRequest } from 'playwright-core'

const app = 'app://semblance/'
const page = 'https://semblance/'

export function toPageAddress(address: string): string {
  return address.startsWith(app) ? page + address.slice(app.length) : address
}

export function toAppAddress(address: string): string {
  return address.startsWith(page) ? app + address.slice(page.length) : address
}

/** A page's request as a protocol handler gets it. */
export async function toRequest(request: PageRequest): Promise<Request> {
  const body = request.postDataBuffer()
  return new Request(toAppAddress(request.url()), {
    method: request.method(),
    headers: await request.allHeaders().then(withoutPseudoHeaders),
    ...(body === null ? {} : { body: new Uint8Array(body) }),
  })
}

function withoutPseudoHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith(':')))
}
