/** Runs the app from its start to its orderly end. */
import { join } from 'node:path'
import { app, BrowserWindow, dialog, Menu, nativeTheme, session } from 'electron'
import type { HostCommand } from '../../../shared/hostBridge.js'
import { projectRoot } from '../../platform/entries.js'
import { openPages } from '../pages/openPages.js'
import { answerWindow } from './answerWindow.js'
import type { HostMessages } from './channels.js'
import { type EngineHost, startEngineHost } from './engineHost.js'
import { createImageSource } from './imageSource.js'
import { lockSession } from './lockDown.js'
import { menuTemplate } from './menu.js'
import { openWindow } from './openWindow.js'
import { serveWindow } from './protocol.js'
import { text } from './text.js'
import { openWindowState, type WindowStateFile } from './windowState.js'

const iconPath = join(projectRoot, 'dist', 'renderer', 'icon.png')

/** @throws AppError FILE_NOT_FOUND if the window was not built */
export async function runApp(): Promise<void> {
  const state = await openWindowState(join(app.getPath('userData'), 'window.json'))
  nativeTheme.themeSource = state.current.theme
  const [pages] = await Promise.all([
    openPages(join(projectRoot, 'dist', 'renderer')),
    app.whenReady(),
  ])
  const engine: EngineHost = startEngineHost({
    onReady: () => void followTheme(engine, state),
    onFailure: askWhetherToRetry,
  })
  quitInOrder(engine, state)
  lockSession(session.defaultSession)
  serveWindow(session.defaultSession, pages, createImageSource(engine.controls))
  answerWindow({ engine, dragIconPath: iconPath })
  const show = () => showWindow(state)
  setMenu(show)
  app.on('second-instance', show)
  app.on('activate', show)
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit()
  })
  show()
}

/** The window that there is, or a new one. */
function showWindow(state: WindowStateFile): BrowserWindow {
  const [window] = BrowserWindow.getAllWindows()
  if (!window) {
    const onState = state.change
    return openWindow({ state: state.current, iconPath, onState, onQuit: () => app.quit() })
  }
  if (window.isMinimized()) window.restore()
  window.focus()
  return window
}

function setMenu(show: () => BrowserWindow): void {
  const onCommand = (command: HostCommand) =>
    show().webContents.send('semblance:command' satisfies keyof HostMessages, command)
  const template = menuTemplate({ platform: process.platform, onCommand })
  Menu.setApplicationMenu(Menu.buildFromTemplate(template))
}

/** Keeps the system's side of the window, and its ground at the next start, as the person set it. */
async function followTheme(engine: EngineHost, state: WindowStateFile): Promise<void> {
  try {
    for await (const theme of await engine.controls.themes()) {
      nativeTheme.themeSource = theme
      state.change({ theme })
    }
  } catch {
    // The engine has ended; the next one is followed when it is ready.
  }
}

async function askWhetherToRetry(reason: string): Promise<boolean> {
  const { message, retry, quit } = text.engineFailed
  const { response } = await dialog.showMessageBox({
    type: 'error',
    message,
    detail: reason,
    buttons: [retry, quit],
    cancelId: 1,
  })
  if (response === 0) return true
  app.quit()
  return false
}

/** The app ends when the engine has saved its jobs. */
function quitInOrder(engine: EngineHost, state: WindowStateFile): void {
  let stage: 'running' | 'ending' | 'ended' = 'running'
  app.on('will-quit', async (event) => {
    if (stage === 'ended') return
    event.preventDefault()
    if (stage === 'ending') return
    stage = 'ending'
    await Promise.allSettled([engine.dispose(), state.saved()])
    stage = 'ended'
    app.quit()
  })
}
