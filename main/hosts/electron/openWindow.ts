/** The window: where it stands, what colour it has before its page does, and that it is remembered. */
import { fileURLToPath } from 'node:url'
import { BrowserWindow, dialog, nativeTheme, screen } from 'electron'
import { resolveEntry } from '../../platform/entries.js'
import { startPage } from './addresses.js'
import { text } from './text.js'
import { minimumSize, visibleBounds, type WindowState } from './windowState.js'

const firstSize = { width: 1280, height: 840 }
const rememberAfterMs = 500

/** The page's own ground (renderer/app/theme.ts), so that nothing flashes before it is drawn. */
function groundNow(): string {
  return nativeTheme.shouldUseDarkColors ? '#16181c' : '#fbfbfc'
}

export interface WindowOptions {
  readonly state: Omit<WindowState, 'theme'>
  readonly iconPath: string
  /** Told some time after each change, and when the window closes. */
  readonly onState: (state: Omit<WindowState, 'theme'>) => void
  readonly onQuit: () => void
}

export function openWindow({ state, iconPath, onState, onQuit }: WindowOptions): BrowserWindow {
  const workAreas = screen.getAllDisplays().map((display) => display.workArea)
  const window = new BrowserWindow({
    ...firstSize,
    ...visibleBounds(state.bounds, workAreas),
    minWidth: minimumSize.width,
    minHeight: minimumSize.height,
    title: text.appName,
    icon: iconPath,
    show: false,
    backgroundColor: groundNow(),
    webPreferences: {
      preload: fileURLToPath(resolveEntry(import.meta.url, './preload.cjs')),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
      safeDialogs: true,
    },
  })
  window.once('ready-to-show', () => {
    // It would show the window at once.
    if (state.maximized) window.maximize()
    window.show()
  })
  keepGround(window)
  remember(window, onState)
  offerReload(window, onQuit)
  void window.loadURL(startPage)
  return window
}

function keepGround(window: BrowserWindow): void {
  const repaint = () => window.setBackgroundColor(groundNow())
  nativeTheme.on('updated', repaint)
  window.once('closed', () => nativeTheme.off('updated', repaint))
}

function remember(window: BrowserWindow, onState: WindowOptions['onState']): void {
  let timer: NodeJS.Timeout | undefined
  const tell = () => {
    clearTimeout(timer)
    onState({ bounds: window.getNormalBounds(), maximized: window.isMaximized() })
  }
  const tellSoon = () => {
    clearTimeout(timer)
    timer = setTimeout(tell, rememberAfterMs)
  }
  window.on('resize', tellSoon)
  window.on('move', tellSoon)
  window.on('maximize', tellSoon)
  window.on('unmaximize', tellSoon)
  window.on('close', tell)
}

/** A page whose process is gone stays white for ever otherwise. */
function offerReload(window: BrowserWindow, onQuit: () => void): void {
  window.webContents.on('render-process-gone', async (_event, { reason }) => {
    if (reason === 'clean-exit' || window.isDestroyed()) return
    const { message, detail, reload, quit } = text.windowFailed
    const buttons = [reload, quit]
    const shown = { type: 'error' as const, message, detail: detail(reason), buttons, cancelId: 0 }
    const { response } = await dialog.showMessageBox(window, shown)
    if (response === 1) onQuit()
    else window.webContents.reload()
  })
}
