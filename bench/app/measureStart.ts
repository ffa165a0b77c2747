/** From nothing to the first window and the first search. */
import type { Browser } from 'playwright-core'
import type { LibraryCopy } from './largeLibrary.js'
import { type AppWindow, openTab, openWindow } from './openWindow.js'
import { type RunningApp, startApp } from './startApp.js'

/** In milliseconds. */
export interface StartFigures {
  /** Until the server has printed its address. */
  readonly ready: number
  /** From then on until the window is filled. */
  readonly page: number
  /** Both. */
  readonly firstWindow: number
  readonly firstSearch: number
  /** The engine's longest block while the search was answered. */
  readonly longestBlock: number
}

export async function measureStart(
  { libraryFolder }: LibraryCopy,
  browser: Browser,
  query: string,
): Promise<{ figures: StartFigures; app: RunningApp; window: AppWindow }> {
  const tab = await openTab(browser)
  const app = await startApp(libraryFolder)
  const window = await openWindow(tab, app.url)
  const firstWindow = performance.now() - app.startedAt
  // Loading the program is over, which blocks of necessity.
  await app.state()
  const firstSearch = await window.search(query)
  const { longestBlockMs } = await app.state()
  return {
    figures: {
      ready: app.readyMs,
      page: firstWindow - app.readyMs,
      firstWindow,
      firstSearch,
      longestBlock: longestBlockMs,
    },
    app,
    window,
  }
}
