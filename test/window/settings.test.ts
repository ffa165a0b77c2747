/** What can be set, the palette of commands, and the keys that lead everywhere. */
import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { expectAccessible, hasBrowser } from '../support/appWindow.js'
import { writeShapes } from '../support/pictureFolder.js'
import { windowForFile } from '../support/windowForFile.js'

describe.skipIf(!hasBrowser)('settings and commands', () => {
  const window = windowForFile({ write: (folder) => writeShapes(folder, 6) })
  const main = () => window.page.getByRole('main')
  const scheme = () => window.page.locator('html').getAttribute('data-mantine-color-scheme')

  it('changes the theme at once, and keeps it', async () => {
    await window.show('/settings')
    await main().getByText('Dark', { exact: true }).click()
    await expect.poll(scheme).toBe('dark')
    await expectAccessible(window.page)
    await window.restart()
    await window.show('/settings')
    await expect.poll(scheme).toBe('dark')
    await main().getByText('As the system', { exact: true }).click()
    await expect.poll(scheme).toBe('light')
    await window.page.emulateMedia({ colorScheme: 'dark' })
    await expect.poll(scheme).toBe('dark')
    await window.page.emulateMedia({ colorScheme: 'light' })
  })

  it('sets threads, device, watching and the room for thumbnails', async () => {
    await window.show('/settings')
    const threads = main().getByRole('textbox', { name: 'Threads' })
    await threads.fill('1')
    await expect.poll(async () => (await window.client.settings.get()).threads).toBe(1)
    const device = main().getByRole('combobox', { name: 'Where photos are looked at' })
    await device.click()
    await window.page.getByRole('option', { name: 'Whichever is there' }).click()
    await expect.poll(async () => (await window.client.settings.get()).device).toBe('auto')
    await main()
      .getByRole('switch', { name: /^Notice new photos/ })
      .press('Space')
    await expect.poll(async () => (await window.client.settings.get()).watchFolders).toBe(false)
    await main().getByRole('textbox', { name: 'At most (GB)' }).fill('2')
    await expect
      .poll(async () => (await window.client.settings.get()).thumbnailLimitBytes)
      .toBe(2_000_000_000)
    await main().getByRole('button', { name: 'Delete all thumbnails' }).click()
    await window.page.getByText('The thumbnails are gone', { exact: false }).waitFor()
  })

  it('moves the library where one wants it, with all that is known', async () => {
    await mkdir(join(window.home, 'Elsewhere'))
    await window.show('/settings')
    await main().getByRole('button', { name: 'Move to another folder' }).last().click()
    const picker = window.page.getByRole('dialog', { name: 'Choose a folder' })
    await picker.getByRole('button', { name: 'Elsewhere' }).click()
    await picker.getByText('No folders in here.').waitFor()
    await picker.getByRole('button', { name: 'Choose this folder' }).click()
    await window.page.getByText('Moved.', { exact: true }).waitFor()
    const { libraryFolder } = await window.client.settings.places()
    expect(libraryFolder.startsWith(join(window.home, 'Elsewhere'))).toBe(true)
    expect(existsSync(join(libraryFolder, 'library.sqlite'))).toBe(true)
    await main().getByText(libraryFolder, { exact: false }).first().waitFor()
    await window.show('/')
    await window.page.getByText('6 photos').waitFor()
  })

  it('does everything by name: commands, views, past searches', async () => {
    await window.show('/')
    await window.page.getByRole('grid').waitFor()
    const field = window.page.getByRole('textbox', { name: 'Type a command' })
    /** Its program is loaded after the photos are there, and the keys would close it while it closes. */
    const openPalette = async () => {
      await field.waitFor({ state: 'detached' })
      await vi.waitFor(
        async () => {
          if (!(await field.isVisible())) await window.page.keyboard.press('Control+k')
          await field.waitFor({ timeout: 5_000 })
        },
        { timeout: 60_000 },
      )
    }
    await openPalette()
    await expectAccessible(window.page)
    await field.fill('models')
    await window.page.getByRole('dialog').getByRole('button', { name: 'Go to Models' }).waitFor()
    await window.page.keyboard.press('Enter')
    await window.page.getByRole('heading', { name: 'Models', exact: true }).waitFor()
    await openPalette()
    await field.fill('dark theme')
    const actions = window.page.getByRole('dialog').getByRole('button')
    await expect.poll(() => actions.allTextContents()).toEqual(['Dark theme'])
    await window.page.keyboard.press('Enter')
    await expect.poll(scheme).toBe('dark')
    await window.client.settings.set({ theme: 'system' })
    await expect.poll(scheme).toBe('light')
  })

  it('shows its keys, and can be used without a mouse', async () => {
    await window.show('/')
    await window.page.getByRole('grid').waitFor()
    await window.page.keyboard.press('?')
    const keys = window.page.getByRole('dialog', { name: 'Keyboard shortcuts' })
    await keys.getByText('Select a range').waitFor()
    await expectAccessible(window.page)
    await window.page.keyboard.press('Escape')
    await keys.waitFor({ state: 'detached' })
    // From the top of the page: past the navigation, then through it.
    await window.page.reload()
    await window.page.getByRole('grid').waitFor()
    await window.page.keyboard.press('Tab')
    const focused = () => window.page.evaluate('document.activeElement.textContent')
    expect(await focused()).toBe('Skip to content')
    const reached = new Set<unknown>()
    for (let press = 0; press < 7; press++) {
      await window.page.keyboard.press('Tab')
      reached.add(await focused())
    }
    for (const view of ['Photos', 'Sources', 'Teach', 'Models', 'Settings']) {
      expect(reached).toContain(view)
    }
  })
})
