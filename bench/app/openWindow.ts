/** The app's window in a browser that is open already, as a person's is. */
import type { Browser, Page } from 'playwright-core'
import { installPageWatch, type ScrollReport } from './pageWatch.js'
import { plainPage } from './plainPage.js'
import { type ShownFrames, watchFrames } from './shownFrames.js'

/** What scrolling was like, for the page and on the screen. */
export interface WindowScroll extends ScrollReport, ShownFrames {}

export interface AppWindow {
  /** From the request for the page until pictures were painted all over it. */
  readonly filledMs: number
  /** Types a query at once, presses Enter, and waits for its photos; milliseconds from Enter. */
  search(query: string): Promise<number>
  /** Leads back to all photos, from the first on. */
  showAll(url: string): Promise<void>
  /**
   * Scrolls like a finger that does not let go, by so many pixels a second.
   *
   * @param known the last id of the photos that did not come lately; all if not given
   */
  scroll(pixelsPerSecond: number, durationMs: number, known?: number): Promise<WindowScroll>
  /** The same over the same pictures on a page that holds nothing else, all of them read before. */
  scrollPlainly(pixelsPerSecond: number, durationMs: number): Promise<WindowScroll>
  /** Milliseconds until everything in sight is there after a jump to a share of the height. */
  leap(place: number): Promise<number>
  close(): Promise<void>
}

const size = { width: 1_280, height: 800 }

/** An empty tab with nothing cached. */
export async function openTab(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ viewport: size })
  await context.addInitScript(installPageWatch)
  return context.newPage()
}

export async function openWindow(page: Page, url: string): Promise<AppWindow> {
  const context = page.context()
  const requestedAt = performance.now()
  await page.goto(url, { waitUntil: 'commit' })
  await page.evaluate(() => window.benchWatch.filled())
  const filledMs = performance.now() - requestedAt
  const input = page.getByRole('combobox')
  return {
    filledMs,

    async search(query) {
      await page.evaluate(() => window.benchWatch.expectSearch())
      const searched = page.evaluate(() => window.benchWatch.searched())
      await input.fill(query)
      await input.press('Enter')
      return searched
    },

    async showAll(address) {
      await page.goto(new URL('/', address).href)
      await page.evaluate(() => window.benchWatch.filled())
    },

    scroll: (...how) => scroll(page, ...how),

    async scrollPlainly(pixelsPerSecond, durationMs) {
      const pictures = await page.evaluate(() => window.benchWatch.seenPictures())
      const plain = await context.newPage()
      const address = new URL('/plain', page.url()).href
      const body = plainPage(pictures)
      await plain.route(address, (route) => route.fulfill({ contentType: 'text/html', body }))
      await plain.goto(address, { waitUntil: 'load' })
      const report = await scroll(plain, pixelsPerSecond, durationMs)
      await plain.close()
      return report
    },

    leap: (place) => page.evaluate((to) => window.benchWatch.leap(to), place),

    close: () => context.close(),
  }
}

async function scroll(
  page: Page,
  speed: number,
  durationMs: number,
  known = Number.MAX_SAFE_INTEGER,
): Promise<WindowScroll> {
  const frames = await watchFrames(page.context().browser()!)
  const devTools = await page.context().newCDPSession(page)
  const watched = page.evaluate(([ms, last]) => window.benchWatch.watchScroll(ms, last), [
    durationMs,
    known,
  ] as const)
  await devTools.send('Input.synthesizeScrollGesture', {
    x: size.width / 2,
    y: size.height / 2,
    yDistance: -(speed * durationMs) / 1000,
    speed,
    gestureSourceType: 'mouse',
    preventFling: true,
  })
  await devTools.detach()
  return { ...(await watched), ...(await frames.stop()) }
}
