/** How the whole app behaves over a large library: its real server, in a real browser. */
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { z } from 'zod'
import { openModelDirectory } from '../main/ml/clip/modelDirectory.js'
import { projectRoot } from '../main/platform/entries.js'
import { describeFigures } from './app/figures.js'
import { copyLibrary, keepLargeLibrary, type LibraryCopy } from './app/largeLibrary.js'
import { measureIdle, measureIndexing, measureScrolling } from './app/measureRunning.js'
import { measureStart, type StartFigures } from './app/measureStart.js'
import { openBrowser } from './app/openBrowser.js'
import { queries } from './app/phrases.js'
import type { Benchmark } from './benchmark.js'

const settingsSchema = z.strictObject({
  photos: z.coerce.number().int().min(1_000).default(100_000),
  /** How often the app is started. */
  starts: z.coerce.number().int().positive().default(5),
  queries: z.coerce.number().int().min(20).max(1_000).default(200),
  /** Of 12 megapixels, that come to the library while it is searched, and while it is scrolled. */
  newPhotos: z.coerce.number().int().min(32).default(240),
})
type Settings = z.infer<typeof settingsSchema>

export const appBenchmark: Benchmark = {
  name: 'app',
  describe:
    'The app over a large library: `semblance serve` in a process of its own, and its page in an empty tab of a Chromium that is open already, with files in the system’s cache and nothing in the browser’s. Photos, tiles, rows and vectors are real files and rows; vectors lie around the text embeddings of what is asked for. The first window counts from the start of the process until all tiles in sight are painted, the first search from Enter in the search box, right after that, until its tiles are. Typed queries are calls of the contract over its WebSocket, each another text, so that no cache answers; in the window, from Enter until all tiles are painted. A tile is blank while it is in sight without its picture; those of photos that came just now must be drawn from 12 megapixels first, and count by themselves. Frames on the screen are those that Chromium’s compositor brought there, as it traces them: it scrolls by itself and shows what is drawn already, while the page, whose own frames are told too, is busy. The same pictures alone are a page that holds them all before it is scrolled and changes nothing: more than any grid could reach in this Chromium, which draws by software. Blocks are the longest that the engine’s event loop did not turn. The browser runs in the app’s session and without more rights than a user’s, as the window on a desktop does. While indexing, photographs of 12 megapixels come to a watched folder. Figures that are too high for their limit, or too low, are marked.',
  async run(given) {
    const settings = settingsSchema.parse(given)
    const model = await openModelDirectory(join(projectRoot, 'models', 'starter'))
    const original = await keepLargeLibrary(settings.photos, model)
    const library = await copyLibrary(original, { batches: 2, perBatch: settings.newPhotos })
    const browser = await openBrowser()
    try {
      return { parameters: { ...settings }, rows: await measure(settings, library, browser) }
    } finally {
      await browser.close()
      await library.remove()
    }
  },
}

async function measure(settings: Settings, library: LibraryCopy, browser: Browser) {
  const texts = queries(settings.starts + 3 * settings.queries)
  const take = (count: number) => texts.splice(0, count)
  const starts: StartFigures[] = []
  for (let left = settings.starts - 1; left > 0; left--) {
    const { figures, app, window } = await measureStart(library, browser, take(1)[0]!)
    starts.push(figures)
    await window.close()
    await app.stop()
  }
  const { figures, app, window } = await measureStart(library, browser, take(1)[0]!)
  starts.push(figures)
  try {
    const running = { photos: settings.photos, library, app, window }
    const idle = await measureIdle(running, take(settings.queries), take(settings.queries / 10))
    const scrolling = await measureScrolling(running)
    const indexing = await measureIndexing(running, texts)
    return describeFigures({ starts, idle, scrolling, indexing })
  } finally {
    await app.stop()
  }
}
