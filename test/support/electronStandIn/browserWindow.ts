/** Windows: a place on the screen that nobody sees, and a page in Chromium. */
import { EventEmitter } from 'node:events'
import { state } from './state.js'
import { WebContents } from './webContents.js'

type Bounds = { x: number; y: number; width: number; height: number }
type WindowOptions = Partial<Bounds> & {
  readonly backgroundColor: string
  readonly webPreferences: Readonly<Record<string, unknown>>
}

const windows: BrowserWindow[] = []
/** Told of each page and of the end of the last window; the app sets it. */
export const listener = {
  onContents: (_contents: WebContents) => {},
  onAllClosed: () => {},
}

export class BrowserWindow extends EventEmitter {
  readonly webContents: WebContents
  visible = false
  focused = 0
  background: string
  private bounds: Bounds
  private maximized = false
  private minimized = false
  private destroyed = false

  static getAllWindows(): BrowserWindow[] {
    return [...windows]
  }

  static fromWebContents(contents: unknown): BrowserWindow | null {
    return windows.find((window) => window.webContents === contents) ?? null
  }

  readonly options: WindowOptions

  constructor(options: WindowOptions) {
    super()
    this.options = options
    const { x = 100, y = 100, width = 800, height = 600 } = options
    this.bounds = { x, y, width, height }
    this.background = options.backgroundColor
    if (state.browser === null) throw new Error('the stand-in has no browser')
    this.webContents = new WebContents(state.browser.newContext({ viewport: { width, height } }))
    listener.onContents(this.webContents)
    windows.push(this)
  }

  async loadURL(url: string): Promise<void> {
    await this.webContents.load(url)
    this.emit('ready-to-show')
  }

  show(): void {
    this.visible = true
  }

  focus(): void {
    this.focused++
  }

  isMinimized(): boolean {
    return this.minimized
  }

  minimize(): void {
    this.minimized = true
  }

  restore(): void {
    this.minimized = false
  }

  isMaximized(): boolean {
    return this.maximized
  }

  maximize(): void {
    this.maximized = true
    this.emit('maximize')
  }

  isDestroyed(): boolean {
    return this.destroyed
  }

  getNormalBounds(): Bounds {
    return this.bounds
  }

  setBounds(bounds: Bounds): void {
    this.bounds = bounds
    this.emit('resize')
  }

  setBackgroundColor(colour: string): void {
    this.background = colour
  }

  async close(): Promise<void> {
    if (this.destroyed) return
    this.emit('close', { preventDefault() {} })
    this.destroyed = true
    windows.splice(windows.indexOf(this), 1)
    this.webContents.closePorts()
    this.webContents.emit('destroyed')
    this.emit('closed')
    await (await this.webContents.page).context().close()
    if (windows.length === 0) listener.onAllClosed()
  }
}
