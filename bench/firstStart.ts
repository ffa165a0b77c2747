/** What a new user waits for: from the start of the app to answers over the sample collection. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Browser, Page } from 'playwright-core'
import { z } from 'zod'
import { describeFigure } from './app/figures.js'
import { openBrowser } from './app/openBrowser.js'
import { type Connection, type RunningApp, startApp } from './app/startApp.js'
import type { Benchmark, Row } from './benchmark.js'

const settingsSchema = z.strictObject({ query: z.string().default('red fruit') })

/** Two minutes after the install, in milliseconds. */
const limit = { most: 120_000 }
const waitMs = 600_000

export const firstStartBenchmark: Benchmark = {
  name: 'first-start',
  describe:
    'A new library in a new process, its page in a Chromium that is open already: the welcome is read, the sample collection asked for, and as soon as its first photos are seen, a search is typed. All times count from the start of the process. The last figure is how often the page asked any other host for anything.',
  async run(given) {
    const settings = settingsSchema.parse(given)
    const folder = await mkdtemp(join(tmpdir(), 'bench-first-start-'))
    const browser = await openBrowser()
    try {
      const app = await startApp(join(folder, 'library'))
      try {
        return { parameters: settings, rows: await measure(app, browser, settings.query) }
      } finally {
        await app.stop()
      }
    } finally {
      await browser.close()
      await rm(folder, { recursive: true })
    }
  },
}

async function measure(app: RunningApp, browser: Browser, query: string): Promise<Row[]> {
  const since = () => performance.now() - app.startedAt
  const page = await browser.newPage()
  const outside = countOutside(page, new URL(app.url).origin)
  await page.goto(app.url)
  const sample = page.getByRole('button', { name: 'Try the sample collection' })
  await sample.waitFor()
  const welcome = since()
  await sample.click()
  await page.getByRole('grid', { name: 'All photos' }).waitFor({ timeout: waitMs })
  const firstPhotos = since()
  await page.getByRole('combobox').fill(query)
  await page.getByRole('combobox').press('Enter')
  const results = page.getByRole('grid', { name: 'Results' }).getByRole('gridcell')
  await results.first().waitFor({ timeout: waitMs })
  const firstAnswer = since()
  const connection = await app.connect()
  const photos = await indexedAll(connection)
  connection.close()
  return [
    describeFigure('welcome, ms', welcome),
    describeFigure('first photos, ms', firstPhotos),
    describeFigure('first search answered, ms', firstAnswer, limit),
    describeFigure(`all ${photos} photos indexed, ms`, since(), limit),
    describeFigure('requests to other hosts', outside(), { most: 0 }),
  ]
}

function countOutside(page: Page, origin: string): () => number {
  let count = 0
  page.on('request', (request) => {
    const address = request.url()
    if (!/^(data|blob):/.test(address) && new URL(address).origin !== origin) count++
  })
  return () => count
}

/** Resolves with the number of photos once each of them has its embedding and nothing is left to do. */
async function indexedAll({ engine }: Connection): Promise<number> {
  for (;;) {
    const { photos, toIndex } = await engine.library.status()
    const jobs = await engine.jobs.list()
    const indexed = jobs.some(({ kind, state }) => kind === 'index' && state === 'completed')
    if (photos > 0 && toIndex === 0 && indexed) return photos
    const failed = jobs.find(({ state }) => state === 'failed')
    if (failed) throw new Error(`the ${failed.kind} job failed: ${JSON.stringify(failed.error)}`)
    await delay(100)
  }
}
