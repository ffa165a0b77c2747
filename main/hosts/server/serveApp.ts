/** Runs the app on loopback until it is told to stop. */
import { join } from 'node:path'
import type { Engine } from '../../engine/createEngine.js'
import { projectRoot } from '../../platform/entries.js'
import { openPages } from '../pages/openPages.js'
import { openInBrowser } from './openInBrowser.js'
import { startServer } from './startServer.js'

export interface ServeOptions {
  readonly engine: Engine
  readonly host: string
  readonly port: number
  /** Whether to open a browser, where there is a screen to show one. */
  readonly open: boolean
  readonly signal: AbortSignal
  /** Told the address once the app answers. */
  readonly onReady: (url: string) => void
}

/** @throws AppError INVALID_ARGUMENT if the address cannot be had; what opening the library throws */
export async function serveApp(options: ServeOptions): Promise<void> {
  const { engine, host, port, open, signal, onReady } = options
  const pages = await openPages(join(projectRoot, 'dist', 'renderer'))
  const { router, images } = engine
  const server = await startServer({ router, images, pages, host, port })
  try {
    // Before the address is printed, so that a library in use is told instead.
    await engine.start()
    onReady(server.url)
    if (open) openInBrowser(server.url)
    await aborted(signal)
  } finally {
    await server.dispose()
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
