/** What a new user meets: a window without photos, two ways in, and no network. */
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { expectAccessible, hasBrowser } from '../support/appWindow.js'
import { writeShapes } from '../support/pictureFolder.js'
import { windowForFile } from '../support/windowForFile.js'

/** A busy machine draws and looks slowly; how fast a quiet one is, bench/app tells. */
const limitMs = 400_000

/** Searched while the rest is still being looked at, as somebody who is curious would. */
const enoughPhotos = 500

describe.skipIf(!hasBrowser)('the first start', () => {
  const window = windowForFile({ realStarter: true })
  const main = () => window.page.getByRole('main')

  it('offers two ways in, in light and dark', async () => {
    await main().getByRole('heading', { name: 'Find your photos by what they mean' }).waitFor()
    await main().getByRole('button', { name: 'Choose folders' }).waitFor()
    await expectAccessible(window.page)
    await window.page.emulateMedia({ colorScheme: 'dark' })
    await expectAccessible(window.page)
    await window.page.emulateMedia({ colorScheme: 'light' })
  })

  it('answers the first search over the sample collection, asking nothing of any network', {
    timeout: limitMs,
  }, async () => {
    await main().getByRole('button', { name: 'Try the sample collection' }).click()
    await window.page.getByRole('grid', { name: 'All photos' }).waitFor({ timeout: limitMs })
    await expect
      .poll(
        async () => {
          const { photos, toIndex } = await window.client.library.status()
          return photos - toIndex
        },
        { timeout: limitMs, interval: 250 },
      )
      .toBeGreaterThan(enoughPhotos)
    await window.page.keyboard.press('/')
    await window.page.keyboard.type('red fruit')
    const results = window.page.getByRole('grid', { name: 'Results' })
    await results.waitFor()
    await window.page.getByText(/^\d+ good match/).waitFor()
    // What was seen by then is not said to be still to be looked at.
    const { photos } = await window.client.library.status()
    const left = async () => {
      const said = /([\d,]+) photos? (is|are) still/.exec((await main().textContent()) ?? '')
      return Number(said?.[1]?.replace(',', '') ?? 0)
    }
    await expect.poll(left, { timeout: 5_000 }).toBeLessThanOrEqual(photos - enoughPhotos)
    const names = async () => {
      const labels: (string | null)[] = []
      for (const cell of (await results.getByRole('gridcell').all()).slice(0, 10)) {
        labels.push(await cell.getAttribute('aria-label'))
      }
      return labels.join()
    }
    await expect
      .poll(names, { timeout: limitMs })
      .toMatch(/apple|strawberry|cherries|tomato|raspberry/)
    await expectAccessible(window.page)
    await expect
      .poll(async () => (await window.client.library.status()).toIndex, { timeout: limitMs })
      .toBe(0)
  })

  it('takes a folder of one’s own beside it', async () => {
    await writeShapes(join(window.home, 'Holiday'), 3)
    await window.show('/sources')
    await main().getByRole('button', { name: 'Add folder' }).click()
    const picker = window.page.getByRole('dialog', { name: 'Choose a folder' })
    await picker.getByRole('button', { name: 'Holiday' }).click()
    await picker.getByText('No folders in here.').waitFor()
    await picker.getByRole('button', { name: 'Choose this folder' }).click()
    await main().getByText('3 photo files', { exact: false }).waitFor()
    await window.idle()
  })
})
