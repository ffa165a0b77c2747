/** Keeps the engine's process running, and gives windows and the main process ports to it. */
import { fileURLToPath } from 'node:url'
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/message-port'
import type { ContractRouterClient } from '@orpc/contract'
import { MessageChannelMain, type UtilityProcess, utilityProcess, type WebContents } from 'electron'
import { resolveEntry } from '../../platform/entries.js'
import type { HostMessages } from './channels.js'
import type { control } from './control.js'
import type { PortKind } from './engineProcess.js'
import { forkForEngine } from './forkForEngine.js'

export type EngineControls = ContractRouterClient<typeof control>

export interface EngineHost {
  /** Asks whatever process runs at the moment. */
  readonly controls: EngineControls
  /** Gives a window a port to the engine, and another one whenever the engine starts anew. */
  connect(window: WebContents): void
  /** Ends the process after it has saved its jobs, or after ten seconds. */
  dispose(): Promise<void>
}

export interface EngineHostOptions {
  /** Told whenever an engine has opened the library. */
  readonly onReady: () => void
  /**
   * Told when the engine cannot start or keeps crashing; another try is made if the answer is true.
   */
  readonly onFailure: (reason: string) => Promise<boolean>
}

const disposeLimitMs = 10_000
/** A crash is survived without a word this often... */
const silentRestarts = 2
/** ...within this time. */
const restartWindowMs = 60_000

interface Running {
  readonly process: UtilityProcess
  readonly link: RPCLink<Record<never, never>>
  readonly exited: Promise<void>
}

export function startEngineHost({ onReady, onFailure }: EngineHostOptions): EngineHost {
  const windows = new Set<WebContents>()
  let crashes: number[] = []
  let disposing = false
  let running = launch()
  const controls: EngineControls = createORPCClient<EngineControls>({
    call: (path, input, options) => running.link.call(path, input, options),
  })
  void open()

  function launch(): Running {
    const entry = fileURLToPath(resolveEntry(import.meta.url, './engineProcess.js'))
    const child = utilityProcess.fork(entry, [], { serviceName: 'Semblance engine' })
    forkForEngine(child)
    const { port1, port2 } = new MessageChannelMain()
    child.postMessage('control' satisfies PortKind, [port2])
    port1.start()
    const exited = new Promise<void>((resolve) => {
      child.once('exit', (code) => {
        resolve()
        if (running.process === child) void restart(code)
      })
    })
    return { process: child, link: new RPCLink({ port: port1 }), exited }
  }

  /** Opening the library can fail for a reason that the person can remove. */
  async function open(): Promise<void> {
    const opened = running
    try {
      await controls.start()
      onReady()
    } catch (error) {
      // A process that has ended is the business of `restart`.
      if (disposing || opened !== running || !isAlive(opened)) return
      if (await onFailure((error as Error).message)) relaunch()
    }
  }

  async function restart(code: number): Promise<void> {
    if (disposing) return
    crashes = [...crashes.filter((at) => Date.now() - at < restartWindowMs), Date.now()]
    if (crashes.length > silentRestarts) {
      crashes = []
      if (!(await onFailure(`the engine stopped unexpectedly (exit code ${code})`))) return
    }
    relaunch()
  }

  function relaunch(): void {
    if (disposing) return
    const before = running
    running = launch()
    before.process.kill()
    void open()
    for (const window of windows) sendPort(window)
  }

  function sendPort(window: WebContents): void {
    const { port1, port2 } = new MessageChannelMain()
    running.process.postMessage('window' satisfies PortKind, [port1])
    window.postMessage('semblance:engine' satisfies keyof HostMessages, null, [port2])
  }

  return {
    controls,
    connect(window) {
      if (!windows.has(window)) window.once('destroyed', () => windows.delete(window))
      windows.add(window)
      sendPort(window)
    },
    async dispose() {
      disposing = true
      if (!isAlive(running)) return
      await withinLimit(controls.dispose().catch(() => undefined))
      running.process.kill()
      await withinLimit(running.exited)
    },
  }
}

function isAlive({ process }: Running): boolean {
  return process.pid !== undefined
}

async function withinLimit(work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise((resolve) => {
    timer = setTimeout(resolve, disposeLimitMs)
  })
  await Promise.race([work, limit])
  clearTimeout(timer)
}
