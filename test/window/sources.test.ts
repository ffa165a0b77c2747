/** Folders in the window: hostile files, watched changes, disks that go away, removal. */
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { unpack } from '../../shared/domain/packed.js'
import { expectAccessible, hasBrowser, ofElement } from '../support/appWindow.js'
import { oddNames, unreadableNames, writeHostilePictures } from '../support/hostilePictures.js'
import { writeShapes } from '../support/pictureFolder.js'
import { windowForFile } from '../support/windowForFile.js'

describe.skipIf(!hasBrowser)('sources', () => {
  const window = windowForFile({
    async write(folder) {
      await writeHostilePictures(folder)
      await mkdir(join(folder, 'album'))
      await writeShapes(join(folder, 'album'), 4)
    },
  })
  const main = () => window.page.getByRole('main')
  const root = (path: string) => window.page.getByRole('listitem').filter({ hasText: path })
  const names = async () => {
    const { ids } = await window.client.photos.timeline({ order: 'newest' })
    const summaries = await window.client.photos.summaries({ ids: [...unpack(ids)] })
    return summaries.map(({ name }) => name)
  }

  /** A shape that is in no folder yet, whole at once. */
  const takeShape = async (name: string, path: string) => {
    const drawn = join(window.home, 'drawn')
    await writeShapes(drawn)
    await mkdir(dirname(path), { recursive: true })
    await rename(join(drawn, `${name}.png`), path)
  }

  it('tells for each file that cannot be read why, and shows odd names harmlessly', async () => {
    await window.show('/sources')
    await main().getByText('6 files unreadable', { exact: false }).waitFor()
    const closed = main().getByRole('button', { expanded: false })
    await closed.first().waitFor()
    while ((await closed.count()) > 0) await closed.first().press('Enter')
    for (const name of unreadableNames) {
      await main().getByText(name, { exact: false }).first().waitFor()
    }
    await expectAccessible(window.page)

    await window.show('/')
    const grid = window.page.getByRole('grid', { name: 'All photos' })
    await grid.waitFor()
    const labels = ofElement<string[]>("element.map((cell) => cell.getAttribute('aria-label'))")
    const shown = () => grid.getByRole('gridcell').evaluateAll(labels)
    // What would be invisible, or turn the text around, is marked.
    for (const name of oddNames) {
      const printed = ['\n', '\u001b', '\u202e'].reduce(
        (text, hidden) => text.replaceAll(hidden, '\u{fffd}'),
        name,
      )
      await expect.poll(async () => (await shown()).some((one) => one.includes(printed))).toBe(true)
    }
    expect(await window.page.locator('img[src=x]').count()).toBe(0)
    await window.show(`/search?q=${encodeURIComponent('name:"<img src=x onerror=alert(1)>"')}`)
    await window.page.getByText('1 photo', { exact: true }).waitFor()
  })

  it('tries what failed again once it is mended', async () => {
    await window.show('/sources')
    await rm(join(window.pictures, 'no bytes.jpg'))
    await takeShape('red star', join(window.pictures, 'cut off.jpg'))
    await main().getByRole('button', { name: 'Try again' }).click()
    await main().getByText('4 files unreadable', { exact: false }).waitFor()
  })

  it('shows new files within seconds, and keeps what is known of moved ones', async () => {
    await window.show('/')
    const grid = window.page.getByRole('grid', { name: 'All photos' })
    const file = join(window.pictures, 'album', 'just taken.png')
    await takeShape('yellow star', file)
    await grid.getByRole('gridcell', { name: /just taken/ }).waitFor({ timeout: 30_000 })
    const { ids } = await window.client.photos.timeline({ order: 'newest' })
    const summaries = await window.client.photos.summaries({ ids: [...unpack(ids)] })
    const { id } = summaries.find(({ name }) => name === 'just taken.png')!
    const add = { captions: ['our star'], tags: [] }
    await window.client.photos.editWords({ ids: [id], add, remove: { captions: [], tags: [] } })
    await mkdir(join(window.pictures, 'elsewhere'))
    await rename(file, join(window.pictures, 'elsewhere', 'moved.png'))
    await grid.getByRole('gridcell', { name: 'our star, moved.png' }).waitFor({ timeout: 45_000 })
    expect((await window.client.photos.get({ id })).captions).toMatchObject([{ text: 'our star' }])
  })

  it('adds a folder that is chosen in the window, and scans it', async () => {
    for (const shape of ['white star', 'white ring', 'white cross']) {
      await takeShape(shape, join(window.home, 'Second disk', 'inner', `${shape}.png`))
    }
    await window.show('/sources')
    await main().getByRole('button', { name: 'Add folder' }).click()
    const picker = window.page.getByRole('dialog', { name: 'Choose a folder' })
    await picker.getByRole('button', { name: 'Second disk' }).click()
    await picker.getByRole('button', { name: 'inner' }).waitFor()
    await expectAccessible(window.page)
    await picker.getByRole('button', { name: 'Choose this folder' }).click()
    await root('Second disk').getByText('3 photo files', { exact: false }).waitFor()
    await window.idle()
  })

  it('keeps a folder that is away, marks its photos, and knows it when it is back', async () => {
    const [here, away] = [join(window.home, 'Second disk'), join(window.home, 'unplugged')]
    const before = await names()
    await rename(here, away)
    await window.show('/sources')
    await main().getByRole('button', { name: 'Look for changes' }).first().click()
    await root('Second disk').getByText('Not connected', { exact: true }).waitFor()
    await root('Second disk').getByText('Its photos stay searchable', { exact: false }).waitFor()
    await expectAccessible(window.page)
    expect((await names()).length).toBe(before.length)
    await window.show('/search?q=is%3Aoffline')
    await window.page.getByText('3 photos', { exact: true }).waitFor()
    await expect
      .poll(() => window.page.getByRole('gridcell').first().getAttribute('aria-label'))
      .toContain('not connected')
    await rename(away, here)
    await window.show('/sources')
    await main().getByRole('button', { name: 'Look for changes' }).first().click()
    await root('Second disk').getByText('Online').waitFor()
    await window.idle()
  })

  it('forgets a folder when told to, and touches no file', async () => {
    await window.show('/sources')
    const photos = async () => (await window.client.library.status()).photos
    const before = await photos()
    await writeFile(join(window.home, 'Second disk', 'note.txt'), 'mine')
    await root('Second disk').getByRole('button', { name: 'Remove from library' }).click()
    const question = window.page.getByRole('dialog')
    await question.getByText('No file is touched.', { exact: false }).waitFor()
    await expectAccessible(window.page)
    await question.getByRole('button', { name: 'Remove from library' }).click()
    await root('Second disk').waitFor({ state: 'detached' })
    expect(await photos()).toBe(before - 3)
    await rm(join(window.home, 'Second disk', 'note.txt'))
    await rm(join(window.home, 'Second disk', 'inner', 'white ring.png'))
  })

  it('shows each of very many files that failed, and how many there are', async () => {
    const folder = join(window.home, 'Rescued')
    await mkdir(folder)
    const names = Array.from({ length: 1_050 }, (_, at) => `${String(at).padStart(4, '0')}.jpg`)
    await Promise.all(names.map((name) => writeFile(join(folder, name), '')))
    await window.client.library.addFolders({ folders: [window.app.engine.handles.grant(folder)] })
    await window.idle()
    await window.show('/sources')
    await root('Rescued').getByText('1,050 files unreadable', { exact: false }).waitFor()
    await main()
      .getByRole('button', { name: /1,050$/ })
      .click()
    await main().getByText('1 to 100 of 1,050', { exact: true }).waitFor()
    await main().getByText(join(folder, '0099.jpg'), { exact: true }).waitFor()
    await expectAccessible(window.page)
    // A page is read from its top, wherever the former one was left.
    await main().getByText('0099.jpg').scrollIntoViewIfNeeded()
    await main().getByRole('button', { name: 'Next page' }).click()
    await main().getByText('101 to 200 of 1,050', { exact: true }).waitFor()
    const first = main().getByText(join(folder, '0100.jpg'), { exact: true })
    await expect.poll(async () => (await first.boundingBox())?.y ?? -1).toBeGreaterThan(0)
    await main().getByRole('button', { name: 'Page 11' }).click()
    await main().getByText('1,001 to 1,050 of 1,050', { exact: true }).waitFor()
    await main().getByText(join(folder, '1049.jpg'), { exact: true }).waitFor()
    // Fewer pages are left once most of them are gone.
    await Promise.all(names.slice(150).map((name) => rm(join(folder, name))))
    await main().getByText('101 to 150 of 150', { exact: true }).waitFor({ timeout: 45_000 })
    await main().getByText(join(folder, '0149.jpg'), { exact: true }).waitFor()
  })
})
