/** Pages in a real Chromium, with the app's preload and its protocol. */
import { EventEmitter } from 'node:events'
import type { BrowserContext, Frame, Page } from 'playwright-core'
import { z } from 'zod'
import { answerInvoke, ipcMain } from './ipc.js'
import type { MessagePortMain } from './ports.js'
import { toAppAddress, toPageAddress } from './requests.js'
import { defaultSession } from './session.js'
import { state } from './state.js'

const dataSchema = z.union([z.string(), z.object({ bytes: z.array(z.number()) })])
const fromPageSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('port'), id: z.number(), data: dataSchema }),
  z.object({ kind: z.enum(['send', 'invoke']), channel: z.string(), told: z.array(z.unknown()) }),
])

export class WebContents extends EventEmitter {
  readonly page: Promise<Page>
  readonly session = defaultSession
  readonly mainFrame: { readonly url: string }
  openHandler: (details: { url: string }) => { action: string } = () => ({ action: 'allow' })
  private readonly ports = new Map<number, MessagePortMain>()
  private lastPort = 0
  private address = ''
  /** Whether the page will be another than before. */
  private isNewDocument = false
  /** The navigation that the app itself began. */
  private expected: string | null = null

  constructor(context: Promise<BrowserContext>) {
    super()
    const contents = this
    this.mainFrame = {
      get url() {
        return contents.address
      },
    }
    this.page = context.then((opened) => this.prepare(opened))
  }

  async load(url: string): Promise<void> {
    const page = await this.page
    this.expected = toPageAddress(url)
    await page.goto(this.expected, { waitUntil: 'load' })
  }

  async reload(): Promise<void> {
    const page = await this.page
    this.expected = page.url()
    await page.reload()
  }

  setWindowOpenHandler(handler: WebContents['openHandler']): void {
    this.openHandler = handler
  }

  send(channel: string, ...told: unknown[]): void {
    void this.deliver(channel, told, [])
  }

  postMessage(channel: string, message: unknown, transfer: readonly MessagePortMain[]): void {
    const ids = transfer.map((port) => {
      this.ports.set(++this.lastPort, port)
      return this.lastPort
    })
    const delivered = this.deliver(channel, [message], ids)
    for (const id of ids) void delivered.then(() => this.carry(id))
  }

  startDrag(item: (typeof state.dragged)[number]): void {
    state.dragged.push(item)
  }

  closePorts(): void {
    for (const port of this.ports.values()) port.close()
    this.ports.clear()
  }

  private carry(id: number): void {
    this.ports.get(id)?.carryBy({
      send: (data) => void this.inPage('port', id, encode(data)),
      close: () => void this.inPage('closePort', id),
    })
  }

  private deliver(channel: string, told: unknown[], ids: number[]): Promise<unknown> {
    return this.inPage('deliver', channel, told, ids)
  }

  /** Calls a function of pageSide.js; a page that is just going away hears nothing. */
  private async inPage(name: string, ...given: unknown[]): Promise<unknown> {
    const page = await this.page
    const call = `standIn.${name}(...${JSON.stringify(given)})`
    return page.evaluate(call).catch(() => undefined)
  }

  private async prepare(context: BrowserContext): Promise<Page> {
    await context.exposeBinding('standInToMain', ({ frame }, message) =>
      this.receive(frame, fromPageSchema.parse(message)),
    )
    const page = await context.newPage()
    await page.addInitScript(state.pageScript)
    context.on('page', (popup) => {
      if (this.openHandler({ url: popup.url() }).action === 'deny') void popup.close()
    })
    page.on('framenavigated', (frame) => {
      if (frame !== page.mainFrame()) return
      this.address = toAppAddress(frame.url())
      // Within a document, only its address changes.
      if (this.isNewDocument) this.closePorts()
      this.isNewDocument = false
    })
    page.on('pageerror', (error) => console.error('in the page:', error))
    page.on('crash', () => this.emit('render-process-gone', {}, { reason: 'crashed' }))
    await context.route('**/*', (route) => {
      const request = route.request()
      const asksForDocument = request.isNavigationRequest()
      const begun = asksForDocument && request.url() !== this.expected
      if (asksForDocument) this.expected = null
      if (begun && this.isPrevented(toAppAddress(request.url()))) return route.abort('aborted')
      if (asksForDocument) this.isNewDocument = true
      return defaultSession.answer(route).catch((error: unknown) => {
        // A page that is closed hears no answer.
        if (!page.isClosed()) throw error
      })
    })
    return page
  }

  private isPrevented(url: string): boolean {
    let prevented = false
    const event = {
      url,
      preventDefault() {
        prevented = true
      },
    }
    for (const name of ['will-frame-navigate', 'will-navigate']) this.emit(name, event)
    return prevented
  }

  private receive(frame: Frame, message: z.infer<typeof fromPageSchema>): unknown {
    if (message.kind === 'port') {
      this.ports.get(message.id)?.postMessage(decode(message.data))
      return undefined
    }
    const main = frame.parentFrame() === null
    const senderFrame = main ? this.mainFrame : { url: toAppAddress(frame.url()) }
    const event = { sender: this, senderFrame }
    if (message.kind === 'invoke') return answerInvoke(message.channel, event, message.told)
    ipcMain.emit(message.channel, event, ...message.told)
    return undefined
  }
}

function encode(data: unknown): unknown {
  return typeof data === 'string' ? data : { bytes: [...new Uint8Array(data as ArrayBuffer)] }
}

function decode(data: z.infer<typeof dataSchema>): unknown {
  return typeof data === 'string' ? data : new Uint8Array(data.bytes)
}
