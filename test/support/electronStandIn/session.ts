/** The session: protocol handlers, the filter of requests, and who may have which permission. */
import { EventEmitter } from 'node:events'
import type { Route } from 'playwright-core'
import { toAppAddress, toRequest } from './requests.js'
import { state } from './state.js'

type Handler = (request: Request) => Promise<Response>
type Filter = (details: { url: string }, answer: (verdict: { cancel: boolean }) => void) => void
type Asked = (contents: unknown, permission: string, answer: (granted: boolean) => void) => void

class Session extends EventEmitter {
  permissionRequestHandler: Asked | null = null
  permissionCheckHandler: ((contents: unknown, permission: string) => boolean) | null = null
  devicePermissionHandler: (() => boolean) | null = null
  private readonly handlers = new Map<string, Handler>()
  private filter: Filter = (_details, answer) => answer({ cancel: false })

  readonly protocol = {
    handle: (scheme: string, handler: Handler) => void this.handlers.set(`${scheme}:`, handler),
  }
  readonly webRequest = {
    onBeforeRequest: (filter: Filter) => {
      this.filter = filter
    },
  }

  setPermissionRequestHandler(handler: Asked): void {
    this.permissionRequestHandler = handler
  }

  setPermissionCheckHandler(handler: () => boolean): void {
    this.permissionCheckHandler = handler
  }

  setDevicePermissionHandler(handler: () => boolean): void {
    this.devicePermissionHandler = handler
  }

  setSpellCheckerEnabled(_enabled: boolean): void {}

  async answer(route: Route): Promise<void> {
    const url = toAppAddress(route.request().url())
    const cancelled = await new Promise<boolean>((resolve) =>
      this.filter({ url }, ({ cancel }) => resolve(cancel)),
    )
    if (cancelled) return route.abort('blockedbyclient')
    const handler = this.handlers.get(new URL(url).protocol)
    if (!handler) {
      state.reached.push(url)
      return route.abort()
    }
    const response = await handler(await toRequest(route.request()))
    await route.fulfill({
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: Buffer.from(await response.arrayBuffer()),
    })
  }
}

export const defaultSession = new Session()
