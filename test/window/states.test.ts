/** What the window shows when there is nothing to show, and when something is lost. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { WebSocketRoute } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { expectAccessible, hasBrowser, openWindow, startApp } from '../support/appWindow.js'
import { writeShapes } from '../support/pictureFolder.js'
import { windowForFile } from '../support/windowForFile.js'

describe.skipIf(!hasBrowser)('states of the window', () => {
  const window = windowForFile()
  const main = () => window.page.getByRole('main')

  it('says that folders without pictures have none, and leads to them', async () => {
    await writeFile(join(window.pictures, 'notes.txt'), 'no picture')
    const folders = [window.app.engine.handles.grant(window.pictures)]
    await window.client.library.addFolders({ folders })
    await window.show('/')
    await main().getByText('No photos yet').waitFor()
    await expectAccessible(window.page)
    await main().getByRole('link', { name: 'Look at the folders' }).click()
    await window.page.getByRole('heading', { name: 'Sources' }).waitFor()
    await main().getByText('0 photo files', { exact: false }).waitFor()
  })

  it('shows photos as soon as there are some, without being asked', async () => {
    await window.show('/')
    await writeShapes(window.pictures, 3)
    await main().getByText('3 photos').waitFor({ timeout: 45_000 })
    await window.idle()
  })

  it('has a word for addresses that lead nowhere', async () => {
    await window.show('/nowhere')
    await main().getByText('There is nothing here.').waitFor()
    await expectAccessible(window.page)
  })

  it('says when the engine is lost, and goes on once it is back', async () => {
    const lost: WebSocketRoute[] = []
    let silent = false
    await window.page.routeWebSocket(/\/rpc$/, (route) => {
      lost.push(route)
      if (lost.length === 2) return
      const server = route.connectToServer()
      server.onMessage((message) => {
        if (!silent) route.send(message)
      })
    })
    await window.show('/')
    await main().getByText('3 photos').waitFor()
    // What is being asked as the connection goes is no failure of its own: it waits for the next one.
    silent = true
    await window.page.getByRole('link', { name: 'Models' }).click()
    await main().getByRole('heading', { name: 'Models', exact: true }).waitFor()
    await lost[0]!.close()
    silent = false
    await main().getByRole('alert').getByText('The connection to Semblance was lost').waitFor()
    expect(await main().getByRole('alert').allTextContents()).toHaveLength(1)
    await expectAccessible(window.page)
    // The second one opens and says nothing; the third one is the engine again.
    await expect.poll(() => lost.length, { timeout: 30_000 }).toBe(2)
    await lost[1]!.close()
    await expect.poll(() => lost.length, { timeout: 30_000 }).toBe(3)
    await main().getByRole('alert').waitFor({ state: 'detached' })
    await main().getByText('In use', { exact: true }).waitFor()
  })

  it('says in each view that it waits and why in vain, and tries again when told to', {
    timeout: 120_000,
  }, async () => {
    const views = [
      ['/sources', '/library/status', 'The folders could not be read', 'Watched'],
      ['/teach', '/teach/runs', 'What was taught could not be read', 'Learn from'],
      ['/models', '/models/list', 'The models could not be read', 'In use'],
      ['/models', '/models/catalogue', 'The list of models to download', 'Any other model'],
      ['/settings', '/settings/get', 'The settings could not be read', 'Appearance'],
      ['/settings', '/settings/places', 'Where things are kept', 'Delete all thumbnails'],
      ['/search?q=star', '/search/run', 'This search did not work', 'Best match'],
    ] as const
    let refused: string | null = null
    let held: (() => void)[] | null = null
    const other = await openWindow(window.browser, window.app, '/', {
      prepare: (page) =>
        page.routeWebSocket(/\/rpc$/, (route) => {
          const server = route.connectToServer()
          // The engine refuses what it does not know.
          route.onMessage((message) =>
            server.send(refused ? String(message).replace(refused, '/no/such') : message),
          )
          server.onMessage((message) => {
            if (held) held.push(() => route.send(message))
            else route.send(message)
          })
        }),
    })
    try {
      for (const [path, call, failure, content] of views) {
        refused = call
        held = []
        await other.page.goto(window.app.origin + path)
        const view = other.page.getByRole('main')
        await view.getByRole('status').getByText('Loading…').waitFor()
        for (const send of held) send()
        held = null
        const alert = view.getByRole('alert').filter({ hasText: failure })
        await alert.waitFor()
        expect(await view.getByRole('alert').count()).toBe(1)
        await expectAccessible(other.page)
        refused = null
        await alert.getByRole('button', { name: 'Try again' }).click()
        await view.getByText(content, { exact: true }).first().waitFor()
        expect(await view.getByRole('alert').count()).toBe(0)
      }
      expect(other.complaints).toEqual([])
    } finally {
      await other.close()
    }
  })

  it('tells what is wrong when the library does not answer', async () => {
    const libraryFolder = join(window.home, 'other')
    const app = await startApp({ libraryFolder, starterFolder: join(window.home, 'model') })
    const other = await openWindow(window.browser, app)
    try {
      await app.engine.dispose()
      await other.page.reload()
      const alert = other.page.getByRole('alert')
      await alert.getByText('The photos could not be read').waitFor()
      await alert.getByText('closed library', { exact: false }).waitFor()
      await alert.getByRole('button', { name: 'Try again' }).click()
      await expectAccessible(other.page)
    } finally {
      await other.close()
      await app.dispose()
    }
  })
})
