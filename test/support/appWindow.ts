/** The app as a person has it in a browser: the real engine and server, and the real window. */
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { expect } from 'vitest'
import { createEngine, type Engine, type EngineOptions } from '../../main/engine/createEngine.js'
import { openPages } from '../../main/hosts/pages/openPages.js'
import { startServer } from '../../main/hosts/server/startServer.js'
import { projectRoot } from '../../main/platform/entries.js'
import { chromiumArguments, findChromium } from './chromium.js'

export interface AppServer {
  readonly engine: Engine
  /** With its token. */
  readonly url: string
  readonly origin: string
  /** Defects of the engine, which no test may leave behind. */
  readonly defects: readonly unknown[]
  dispose(): Promise<void>
}

export interface AppWindow {
  readonly page: Page
  /** Addresses outside the app that the page asked for, and errors in it: both must stay empty. */
  readonly complaints: readonly string[]
  close(): Promise<void>
}

/** Whether there is a browser to open windows in; installChromium.ts says so where there is none. */
export const hasBrowser = findChromium() !== null

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: findChromium()!, args: chromiumArguments })
}

/** Starts an engine and serves the built window. */
export async function startApp(options: EngineOptions): Promise<AppServer> {
  const defects: unknown[] = []
  const engine = createEngine({ ...options, onDefect: (_, error) => defects.push(error) })
  const pages = await openPages(join(projectRoot, 'dist', 'renderer'))
  const server = await startServer({
    engine: async () => engine,
    pages,
    host: '127.0.0.1',
    port: 0,
  })
  await engine.start()
  return {
    engine,
    url: server.url,
    origin: new URL(server.url).origin,
    defects,
    async dispose() {
      await server.dispose()
      await engine.dispose()
    },
  }
}

export interface WindowOptions extends BrowserContextOptions {
  /** What is done to the page before it asks for anything. */
  readonly prepare?: (page: Page) => Promise<unknown>
}

/** Opens the app in a window of its own, signed in, at `path`. */
export async function openWindow(
  browser: Browser,
  { url, origin }: Pick<AppServer, 'url' | 'origin'>,
  path = '/',
  { prepare, ...options }: WindowOptions = {},
): Promise<AppWindow> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    locale: 'en-GB',
    // What fades in has its colours only once it is there.
    reducedMotion: 'reduce',
    ...options,
  })
  const page = await context.newPage()
  await prepare?.(page)
  const complaints: string[] = []
  page.on('request', (request) => {
    const address = request.url()
    if (!/^(data|blob):/.test(address) && new URL(address).origin !== origin) {
      complaints.push(`asked for ${address}`)
    }
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('console', (message) => {
    // That a picture has no thumbnail, or a test cuts the connection, is no error of the page's.
    const expected = /^Failed to load resource: (.* (404|422) |net::ERR_FAILED)/.test(
      message.text(),
    )
    if (message.type() === 'error' && !expected) complaints.push(message.text())
  })
  await page.goto(url)
  if (path !== '/') await page.goto(origin + path)
  return { page, complaints, close: () => context.close() }
}

/** Fails if axe finds something serious or critical in what the page shows. */
export async function expectAccessible(page: Page): Promise<void> {
  await page.evaluate(await readFile(createRequire(import.meta.url).resolve('axe-core'), 'utf8'))
  const found = (await page.evaluate(`axe.run(document, {
    resultTypes: ['violations'],
  }).then(({ violations }) => violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html.slice(0, 200)).join(' | ')))`)) as string[]
  expect(found).toEqual([])
}

/**
 * An expression over `element`, for the page to evaluate: as a text, since tests are compiled for
 * Node, which knows no elements.
 */
export function ofElement<T>(expression: string): (element: unknown) => T {
  return new Function('element', `return ${expression}`) as (element: unknown) => T
}
