/** The only bridge between the page and the main process; runs sandboxed, so it is this one file. */
import type { HostBridge, HostCommand } from '../../../shared/hostBridge.js' with {
  'resolution-mode': 'import',
}
import type { HostMessages, HostQuestions, WindowMessages } from './channels.js' with {
  'resolution-mode': 'import',
}

// A sandboxed preload is CommonJS, and this is the only module that it may load.
const { contextBridge, ipcRenderer } = require('electron') as typeof import('electron')

/** The part of the page that this file touches; the engine's side of the build knows no DOM. */
declare const window: {
  readonly location: { readonly origin: string }
  postMessage(message: unknown, targetOrigin: string, transfer: readonly unknown[]): void
}

function ask<C extends keyof HostQuestions>(
  channel: C,
  ...asked: Parameters<HostQuestions[C]>
): Promise<ReturnType<HostQuestions[C]>> {
  return ipcRenderer.invoke(channel, ...asked)
}

function tell<C extends keyof WindowMessages>(channel: C, ...told: WindowMessages[C]): void {
  ipcRenderer.send(channel, ...told)
}

const engineChannel = 'semblance:engine' satisfies keyof HostMessages
const commandChannel = 'semblance:command' satisfies keyof HostMessages

// A port cannot cross the context bridge; it can be posted to the page.
ipcRenderer.on(engineChannel, ({ ports }) => {
  window.postMessage(engineChannel, window.location.origin, ports)
})

const bridge: HostBridge = {
  kind: 'electron',
  platform: process.platform,
  connect: () => tell('semblance:connect'),
  chooseFolders: () => ask('semblance:chooseFolders'),
  chooseArchive: () => ask('semblance:chooseArchive'),
  reveal: (photoId) => ask('semblance:reveal', photoId),
  startDrag: (photoIds) => tell('semblance:startDrag', photoIds),
  onCommand: (listener) => {
    const forward = (_event: unknown, command: HostCommand) => listener(command)
    ipcRenderer.on(commandChannel, forward)
    return () => {
      ipcRenderer.removeListener(commandChannel, forward)
    }
  },
}

contextBridge.exposeInMainWorld('semblanceHost', bridge)
