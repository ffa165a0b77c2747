/** Takes pictures of every view and state, in two sizes and both themes, into `.data/screenshots`. */
import { cp, mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { copyLibrary, keepLargeLibrary } from '../../bench/app/largeLibrary.js'
import { openModelDirectory } from '../../main/ml/clip/modelDirectory.js'
import { projectRoot } from '../../main/platform/entries.js'
import type { EngineClient } from '../../shared/contract/contract.js'
import { unpack } from '../../shared/domain/packed.js'
import { type AppServer, launchBrowser, openWindow, startApp } from '../support/appWindow.js'
import { writeHostilePictures } from '../support/hostilePictures.js'
import { folderForFile } from '../support/temporaryFolder.js'
import { writePhotographs } from './photographs.js'
import { broken, large, type View, views, waiting } from './views.js'

const out = join(projectRoot, '.data', 'screenshots')
/** The one that README opens with. */
const frontPage = join(projectRoot, 'docs', 'images', 'window.webp')
const sizes = [
  { width: 1440, height: 900 },
  { width: 900, height: 700 },
] as const
const themes = ['light', 'dark'] as const

const folder = folderForFile()
let browser: Browser

beforeAll(async () => {
  await rm(out, { recursive: true, force: true })
  await mkdir(out, { recursive: true })
  vi.stubEnv('HOME', folder())
  browser = await launchBrowser()
})

afterAll(async () => {
  await browser?.close()
  vi.unstubAllEnvs()
})

/** Both themes and sizes of what `show` leads to. */
async function photograph(app: AppServer, { name, path, seen, prepare, act }: View): Promise<void> {
  for (const viewport of sizes) {
    for (const colorScheme of themes) {
      const { page, complaints, close } = await openWindow(browser, app, path, {
        viewport,
        colorScheme,
        ...(prepare ? { prepare } : {}),
      })
      await page.locator(seen).first().waitFor()
      await act?.(page)
      await settle(page)
      await page.screenshot({ path: join(out, `${name}-${viewport.width}-${colorScheme}.png`) })
      expect(complaints).toEqual([])
      await close()
    }
  }
}

/** Resolves once what is in sight is drawn. */
async function settle(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle').catch(() => {})
  await page.waitForTimeout(700)
}

async function idle({ jobs, library }: EngineClient): Promise<void> {
  await vi.waitFor(
    async () => {
      const busy = (await jobs.list()).filter(({ state }) => /queued|running/.test(state))
      expect(busy).toEqual([])
      expect((await library.status()).toIndex).toBe(0)
    },
    { timeout: 300_000, interval: 200 },
  )
}

async function fill({ engine }: AppServer): Promise<void> {
  const { client, handles } = engine
  const [pictures, disk, scans] = ['Pictures', 'Old disk', 'Scans'].map((name) =>
    join(folder(), name),
  ) as [string, string, string]
  await writePhotographs(pictures)
  await cp(join(pictures, 'Sea'), join(disk, 'Sea'), { recursive: true })
  await rm(join(pictures, 'Sea'), { recursive: true })
  await writeHostilePictures(scans)
  const folders = [pictures, disk, scans].map((path) => handles.grant(path))
  await client.library.addFolders({ folders: folders.slice(0, 2) })
  await idle(client)
  const photos = await client.search.run({
    query: 'folder:Garden',
    order: 'relevance',
    model: null,
  })
  expect(photos.total).toBeGreaterThan(5)
  await client.photos.editWords({
    ids: [...unpack(photos.ids)],
    add: { captions: [], tags: ['garden', 'spring'] },
    remove: { captions: [], tags: [] },
  })
  const words = { captions: true, tags: true, names: true, judgements: true }
  const lesson = { source: { kind: 'library' }, words, method: 'quick', minutes: null } as const
  const { job } = await client.teach.start({ ...lesson, name: 'Our words' })
  await vi.waitFor(async () => expect((await client.teach.run({ job })).state).toBe('decide'), {
    timeout: 300_000,
    interval: 500,
  })
}

/** The broken files and the missing disk come last: the library is first seen as most people have it. */
async function breakSome({ engine: { client, handles } }: AppServer): Promise<void> {
  await client.library.addFolders({ folders: [handles.grant(join(folder(), 'Scans'))] })
  await idle(client)
  await rename(join(folder(), 'Old disk'), join(folder(), 'unplugged'))
  await client.library.rescan({ root: null })
  await idle(client)
}

test('the first start', async () => {
  const app = await startApp({ libraryFolder: join(folder(), 'empty') })
  try {
    await photograph(app, { name: 'welcome', path: '/', seen: 'h1' })
    const { client, handles } = app.engine
    const bare = join(folder(), 'bare')
    await mkdir(bare)
    await client.library.addFolders({ folders: [handles.grant(bare)] })
    await idle(client)
    await photograph(app, { name: 'empty', path: '/', seen: 'text=No photos yet' })
  } finally {
    await app.dispose()
  }
})

test('a library of 100,000 photos', async () => {
  const model = await openModelDirectory(join(projectRoot, 'models', 'starter'))
  const library = await copyLibrary(await keepLargeLibrary(100_000, model), {
    batches: 0,
    perBatch: 0,
  })
  try {
    const app = await startApp(library)
    try {
      for (const view of large) await photograph(app, view)
      expect(app.defects).toEqual([])
    } finally {
      await app.dispose()
    }
  } finally {
    await library.remove()
  }
})

test('a library', async () => {
  const app = await startApp({ libraryFolder: join(folder(), 'library') })
  try {
    await fill(app)
    for (const view of [...views, ...waiting]) await photograph(app, view)
    await breakSome(app)
    for (const view of broken) await photograph(app, view)
    expect(app.defects).toEqual([])
  } finally {
    await app.dispose()
  }
  await mkdir(join(frontPage, '..'), { recursive: true })
  await sharp(join(out, 'results-1440-light.png')).webp({ quality: 82 }).toFile(frontPage)
})
