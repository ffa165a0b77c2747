/** Models from the hub: downloaded, tried, taken over, compared, and given back, by mouse and keys. */
import { cp, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Locator } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { expectAccessible, hasBrowser } from '../support/appWindow.js'
import { writeClipExport } from '../support/exports/clip.js'
import { startHub } from '../support/hub.js'
import { writeShapes } from '../support/pictureFolder.js'
import { windowForFile } from '../support/windowForFile.js'
import { zipFolder } from '../support/zipFolder.js'

describe.skipIf(!hasBrowser)('models', () => {
  const window = windowForFile({ write: (folder) => writeShapes(folder, 24) })
  const main = () => window.page.getByRole('main')
  const row = (name: string) => main().locator('[data-model]').filter({ hasText: name })
  const models = () => window.client.models.list()

  it('tells of each model what a person wants to know, without asking the network', async () => {
    await window.show('/models')
    const card = main().locator('[data-entry="clip-vit-base-patch32"]')
    await card.getByText('608 MB', { exact: true }).waitFor()
    await card.getByText('English only').waitFor()
    await card.getByText('not measured').waitFor()
    await main().getByRole('button', { name: 'How fast would they be here?' }).click()
    await card
      .getByText(/^about \d/)
      .nth(1)
      .waitFor({ timeout: 60_000 })
    const research = main().locator('[data-entry="mobileclip-s0"]')
    await research.getByText('Its makers allow research alone', { exact: false }).waitFor()
    await expectAccessible(window.page)
  })

  it('goes all the way from the hub to another model and back, over ends of the program', {
    timeout: 120_000,
  }, async () => {
    await writeClipExport(join(window.home, 'export'))
    const hub = await startHub(join(window.home, 'export'))
    await window.show('/settings')
    await main().getByRole('textbox', { name: 'Address of the hub' }).fill(hub.endpoint)
    await window.page.keyboard.press('Tab')
    await expect
      .poll(async () => (await window.client.settings.get()).hubAddress)
      .toBe(hub.endpoint)

    await window.show('/models')
    hub.spoil('vision_model.onnx', { kind: 'slow', pieceBytes: 4_000, pauseMs: 150 })
    await main().getByRole('textbox', { name: 'Any other model' }).fill('owner/name')
    await window.page.keyboard.press('Enter')
    const fetching = () => hub.requests.filter((request) => /GET .*storage.*vision/.test(request))
    await expect.poll(() => fetching().length, { timeout: 30_000 }).toBe(1)
    await window.page.waitForTimeout(500)
    await window.restart()
    await window.show('/models')
    await row('name').waitFor({ timeout: 60_000 })
    // It went on where it was, with the files that it had begun with.
    expect(fetching().at(-1)).toMatch(/ bytes=\d+-$/)
    await row('name').getByText('Downloaded', { exact: true }).waitFor()

    const compare = main().getByRole('region', { name: 'Compare two models' })
    await compare.getByRole('textbox', { name: 'Search with both' }).fill('red')
    await window.page.keyboard.press('Enter')
    await compare
      .getByText('This model has not looked at your photos yet', { exact: false })
      .waitFor()
    await compare.getByRole('button', { name: 'Use name' }).waitFor()
    await expectAccessible(window.page)

    const [starter] = await models()
    await row('name').getByRole('button', { name: 'Use' }).click()
    await window.page
      .getByText('name takes over once it has seen your photos.', { exact: false })
      .waitFor()
    await window.restart()
    await expect
      .poll(async () => (await models()).find(({ active }) => active)?.name, { timeout: 60_000 })
      .toBe('name')
    await window.idle()
    expect((await models()).map(({ indexed }) => indexed)).toEqual([24, 24])

    await window.show('/models')
    await row('name').getByText('In use', { exact: true }).waitFor()
    await row('name').getByRole('button', { name: 'Details' }).click()
    await row('name').getByText('Downloaded from owner/name at c0ffee00c0ff').waitFor()
    await row('name').getByRole('button', { name: 'Check files' }).click()
    await window.page.getByText('All 6 files are as they were made.').waitFor()
    await row('name').getByRole('button', { name: 'Measure' }).click()
    await row('name').getByText('photos a second', { exact: false }).waitFor({ timeout: 60_000 })

    await row(starter!.name).getByRole('button', { name: 'Use' }).click()
    await window.page.getByText(`${starter!.name} is in use now.`).waitFor()
    expect((await models()).find(({ active }) => active)?.id).toBe(starter!.id)
    await hub.close()
  })

  it('compares a search by two models', async () => {
    await window.show('/models')
    const compare = main().getByRole('region', { name: 'Compare two models' })
    await compare.getByRole('textbox', { name: 'Search with both' }).fill('red')
    await window.page.keyboard.press('Enter')
    await expect.poll(() => compare.locator('ol img').count(), { timeout: 30_000 }).toBe(24)
    await expectAccessible(window.page)
  })

  it('tells what removing frees, and imports from a folder', async () => {
    await window.show('/models')
    await row('name').getByRole('button', { name: 'Remove' }).click()
    const dialog = window.page.getByRole('dialog', { name: 'Remove this model?' })
    await dialog.getByText(/^Frees .*kB of the disk/).waitFor()
    await dialog.getByText('It is deleted for good', { exact: false }).waitFor()
    await expectAccessible(window.page)
    await dialog.getByRole('button', { name: 'Remove' }).click()
    await row('name').waitFor({ state: 'detached' })

    const elsewhere = join(window.home, 'My model')
    await mkdir(elsewhere)
    await cp(join(window.home, 'export'), elsewhere, { recursive: true })
    await main().getByRole('button', { name: 'Import' }).click()
    await window.page.getByRole('menuitem', { name: 'From a folder' }).click()
    const picker = window.page.getByRole('dialog', { name: 'Choose a folder' })
    await picker.getByRole('button', { name: 'My model' }).click()
    await picker.getByRole('button', { name: 'onnx' }).waitFor()
    await picker.getByRole('button', { name: 'Choose this folder' }).click()
    await row('My model').getByText('Imported', { exact: true }).waitFor()
  })

  it('imports from a zip archive, and says what is wrong with one that holds no model', async () => {
    const packed = join(window.home, 'packed')
    await writeClipExport(packed, { seed: 7 })
    await zipFolder(packed, join(window.home, 'Packed model.zip'))
    await writeShapes(join(window.home, 'shapes'), 2)
    await zipFolder(join(window.home, 'shapes'), join(window.home, 'shapes.zip'))
    await window.show('/models')
    const importFrom = async (archive: string) => {
      await main().getByRole('button', { name: 'Import' }).press('Enter')
      await window.page.getByRole('menuitem', { name: 'From a zip archive' }).click()
      const picker = window.page.getByRole('dialog', { name: 'Choose a zip archive' })
      await picker.getByRole('button', { name: archive }).waitFor()
      await window.page.getByRole('menu').waitFor({ state: 'detached' })
      await expectAccessible(window.page)
      await picker.getByRole('button', { name: archive }).click()
    }
    await importFrom('Packed model.zip')
    await row('Packed model').getByText('Imported', { exact: true }).waitFor()
    await importFrom('shapes.zip')
    await window.page.getByRole('alert').filter({ hasText: 'shapes.zip' }).waitFor()
  })

  it('says what went wrong with a download, and goes on with it', async () => {
    await window.client.settings.set({ hubAddress: 'http://127.0.0.1:9' })
    await window.show('/models')
    const card = main().locator('[data-entry="mobileclip-s0"]')
    await card.getByRole('button', { name: 'Download MobileCLIP S0' }).click()
    const cancel = card.getByRole('button', { name: 'Cancel the download of MobileCLIP S0' })
    await cancel.waitFor()
    await expectAccessible(window.page)
    await cancel.press('Enter')
    await card.getByRole('button', { name: 'Download MobileCLIP S0' }).waitFor()
    await window.idle()
  })
})

describe.skipIf(!hasBrowser)('language of a query', () => {
  const window = windowForFile({ write: (folder) => writeShapes(folder, 4) })

  it('is named where the model in use does not know it, with a way to one that does', async () => {
    await window.show('/search?q=ein%20hund%20im%20schnee')
    const notice = window.page.getByRole('status').filter({ hasText: 'German' })
    await notice.waitFor()
    await expectAccessible(window.page)
    await notice.getByRole('link', { name: 'See SigLIP 2 base' }).click()
    const card = window.page.locator('[data-entry="siglip2-base-patch16-224"]')
    await card.waitFor()
    expect(await card.getAttribute('aria-current')).toBe('true')
    await expect.poll(() => isInView(card)).toBe(true)
    await expectAccessible(window.page)
    await window.show('/search?q=a%20dog')
    await window.page.getByRole('heading', { name: 'Results' }).waitFor()
    expect(await notice.count()).toBe(0)
  })
})

function isInView(card: Locator): Promise<boolean> {
  return card.evaluate((element) => {
    const { top, bottom } = element.getBoundingClientRect()
    return top >= 0 && bottom <= element.ownerDocument.documentElement.clientHeight
  })
}
