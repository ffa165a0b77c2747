/** One app and one window for all tests of a file. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, vi } from 'vitest'
import type { EngineClient } from '../../shared/contract/contract.js'
import {
  type AppServer,
  type AppWindow,
  hasBrowser,
  launchBrowser,
  openWindow,
  startApp,
} from './appWindow.js'
import { writeSmallModel } from './smallModel.js'
import { folderForFile } from './temporaryFolder.js'

export interface WindowOptions {
  /** Writes pictures into a folder that is then added; none is added if not given. */
  readonly write?: (pictures: string) => Promise<unknown>
  /** The model that ships; a small untrained one if not given. */
  readonly realStarter?: boolean
  readonly context?: BrowserContextOptions
}

export interface FileWindow {
  readonly page: Page
  readonly client: EngineClient
  readonly app: AppServer
  readonly browser: Browser
  /** The home folder; the pictures are in its Pictures, the library in its semblance. */
  readonly home: string
  readonly pictures: string
  /** Goes to a view, as a link would. */
  show(path: string): Promise<void>
  /** Closes the app and opens it again over the same library. */
  restart(): Promise<void>
  /** Resolves once no job is waiting or running. */
  idle(): Promise<void>
}

/** Whatever a file's tests do, no page reaches another host, and neither side meets a defect. */
export function windowForFile(options: WindowOptions = {}): FileWindow {
  const folder = folderForFile()
  let browser: Browser
  let app: AppServer
  let window: AppWindow
  const pictures = () => join(folder(), 'Pictures')
  const start = async () => {
    app = await startApp({
      // The usual place of a person's library, from which it can be moved.
      environment: { ...process.env, SEMBLANCE_HOME: '', XDG_DATA_HOME: folder() },
      ...(options.realStarter === true ? {} : { starterFolder: join(folder(), 'model') }),
    })
    window = await openWindow(browser, app, '/', options.context)
  }
  const stop = async () => {
    const complaints = [...(window?.complaints ?? []), ...(app?.defects ?? [])]
    await window?.close()
    await app?.dispose()
    expect(complaints).toEqual([])
  }
  const idle = () =>
    vi.waitFor(
      async () => {
        const jobs = await app.engine.client.jobs.list()
        const busy = jobs.filter(({ state }) => state === 'queued' || state === 'running')
        expect(busy.map(({ kind }) => kind)).toEqual([])
      },
      { timeout: 60_000, interval: 100 },
    )

  beforeAll(async () => {
    if (!hasBrowser) return
    vi.stubEnv('HOME', folder())
    await mkdir(pictures())
    if (options.realStarter !== true) await writeSmallModel(join(folder(), 'model'))
    await options.write?.(pictures())
    browser = await launchBrowser()
    await start()
    if (options.write === undefined) return
    const { client, handles } = app.engine
    await client.library.addFolders({ folders: [handles.grant(pictures())] })
    await vi.waitFor(
      async () =>
        expect(await client.library.status()).toMatchObject({
          toIndex: 0,
          roots: [{ scanning: false, lastScanAt: expect.any(String) }],
        }),
      { timeout: 60_000, interval: 100 },
    )
    await idle()
  }, 120_000)

  afterAll(async () => {
    if (!hasBrowser) return
    try {
      await stop()
    } finally {
      await browser?.close()
      vi.unstubAllEnvs()
    }
  })

  return {
    get page() {
      return window.page
    },
    get client() {
      return app.engine.client
    },
    get app() {
      return app
    },
    get browser() {
      return browser
    },
    get home() {
      return folder()
    },
    get pictures() {
      return pictures()
    },
    async show(path) {
      await window.page.goto(app.origin + path)
      await window.page.locator('main').waitFor()
    },
    async restart() {
      await stop()
      await start()
    },
    idle,
  }
}
