/**
 * Stands in for the `electron` module where its binary cannot be had: as much of it as the app
 * uses. Its windows are pages of a real Chromium, its utility processes are Node processes.
 */
import { EventEmitter } from 'node:events'
import { join } from 'node:path'
import { BrowserWindow, listener } from './browserWindow.js'
import { answerInvoke, ipcMain } from './ipc.js'
import { MessageChannelMain } from './ports.js'
import { defaultSession } from './session.js'
import { type MenuItem, type ShownMessage, state } from './state.js'
import { utilityProcess, utilityProcesses } from './utilityProcess.js'

export { state } from './state.js'
export {
  answerInvoke,
  BrowserWindow,
  ipcMain,
  MessageChannelMain,
  utilityProcess,
  utilityProcesses,
}

class App extends EventEmitter {
  private readonly paths = new Map<string, string>()
  private end = (_code: number) => {}
  private quitting = false
  readonly isPackaged = false
  readonly commandLine = { hasSwitch: () => false, getSwitchValue: () => '' }
  /** Settles with the exit code. */
  readonly exited = new Promise<number>((resolve) => {
    this.end = resolve
  })

  setName(_name: string): void {}

  enableSandbox(): void {}

  getPath(name: string): string {
    return this.paths.get(name) ?? join(state.systemFolder, name)
  }

  setPath(name: string, path: string): void {
    this.paths.set(name, path)
  }

  requestSingleInstanceLock(): boolean {
    return state.onlyInstance
  }

  whenReady(): Promise<void> {
    return Promise.resolve()
  }

  quit(): void {
    void this.quitInSteps()
  }

  exit(code = 0): void {
    for (const started of utilityProcesses) if (started.pid !== undefined) started.kill()
    this.end(code)
  }

  /** Who quits closes the windows, too, but that is no news then. */
  allClosed(): void {
    if (!this.quitting) this.emit('window-all-closed')
  }

  private async quitInSteps(): Promise<void> {
    this.quitting = true
    this.emit('before-quit', { preventDefault() {} })
    for (const window of BrowserWindow.getAllWindows()) await window.close()
    let prevented = false
    this.emit('will-quit', {
      preventDefault() {
        prevented = true
      },
    })
    if (!prevented) this.exit()
  }
}

export const app = new App()
listener.onContents = (contents) => app.emit('web-contents-created', {}, contents)
listener.onAllClosed = () => app.allClosed()

export const protocol = { registerSchemesAsPrivileged: (_schemes: unknown) => {} }
export const session = { defaultSession }
export const screen = { getAllDisplays: () => [{ workArea: state.workArea }] }
export const shell = { showItemInFolder: (path: string) => void state.revealed.push(path) }

export const dialog = {
  showOpenDialog: async () => {
    const filePaths = state.chosen.shift() ?? []
    return { canceled: filePaths.length === 0, filePaths }
  },
  /** Takes a window first, or not. */
  showMessageBox: (...given: readonly unknown[]) => {
    state.shown.push(given.at(-1) as ShownMessage)
    const response = state.pressed.shift()
    return new Promise((resolve) => {
      if (response !== undefined) resolve({ response })
    })
  },
  showErrorBox: (message: string, detail: string) => void state.shown.push({ message, detail }),
}

export const Menu = {
  buildFromTemplate: (template: readonly MenuItem[]) => template,
  setApplicationMenu: (menu: readonly MenuItem[]) => {
    state.menu = menu
  },
}

class NativeTheme extends EventEmitter {
  private source = 'system'

  get themeSource(): string {
    return this.source
  }

  set themeSource(source: string) {
    this.source = source
    this.emit('updated')
  }

  get shouldUseDarkColors(): boolean {
    return this.source === 'dark'
  }
}
export const nativeTheme = new NativeTheme()

export const nativeImage = {
  createFromDataURL: (address: string) => ({ address }),
  createFromPath: (path: string) => ({ resize: () => ({ path }) }),
}
