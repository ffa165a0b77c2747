/** Runs the app on loopback until it is told to stop. */
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Engine } from '../../engine/createEngine.js'
import { refuseUsedLibrary } from '../../engine/refuseUsedLibrary.js'
import { projectRoot } from '../../platform/entries.js'
import { openPages } from '../pages/openPages.js'
import { openInBrowser } from './openInBrowser.js'
import { startServer } from './startServer.js'

export interface ServeOptions {
  readonly libraryFolder: string | undefined
  /** Always the same one. */
  readonly loadEngine: () => Promise<Engine>
  readonly host: string
  readonly port: number
  /** Whether to open a browser, where there is a screen to show one. */
  readonly open: boolean
  readonly signal: AbortSignal
  /** Told the address once there are pages. */
  readonly onReady: (url: string) => void
}

/** How long pages are given before the engine, whose loading would keep them waiting. */
const firstPageMs = 250

/**
 * The page is read by the browser while the engine is loaded, which takes about as long; what it asks
 * the engine waits.
 *
 * @throws AppError INVALID_ARGUMENT if the address cannot be had; what opening the library throws
 */
export async function serveApp(options: ServeOptions): Promise<void> {
  const { libraryFolder, loadEngine, host, port, open, signal, onReady } = options
  // Before the address is printed, so that a library in use is told instead.
  await refuseUsedLibrary(libraryFolder)
  const pages = await openPages(join(projectRoot, 'dist', 'renderer'))
  const server = await startServer({ engine: loadEngine, pages, host, port })
  try {
    onReady(server.url)
    if (open) openInBrowser(server.url)
    // The first question of a page loads it, too.
    await delay(firstPageMs, undefined, { signal }).catch(() => {})
    await (await loadEngine()).start()
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
