/** Work in the background: shown, paused, resumed and cancelled; and there after a restart. */
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { expectAccessible, hasBrowser } from '../support/appWindow.js'
import { windowForFile } from '../support/windowForFile.js'

const photos = 500
const photosLeft = 20

/** So many that looking at all of them takes longer than a person needs to press a button. */
async function writeLarge(folder: string): Promise<void> {
  const noise = { type: 'gaussian', mean: 120, sigma: 25 } as const
  const size = { width: 1600, height: 1200, channels: 3 } as const
  const jpeg = await sharp({ create: { ...size, background: '#000', noise } })
    .jpeg({ quality: 90 })
    .toBuffer()
  for (let photo = 0; photo < photos; photo++) {
    await writeFile(join(folder, `${photo}.jpg`), Buffer.concat([jpeg, Buffer.from(`${photo}`)]))
  }
}

describe.skipIf(!hasBrowser)('the jobs tray', () => {
  const window = windowForFile({ realStarter: true })
  const tray = () => window.page.getByRole('button', { name: /^Work in the background/ })
  const indexing = async () =>
    (await window.client.jobs.list()).find(
      ({ kind, progress }) => kind === 'index' && progress !== null,
    )
  const state = async () => (await indexing())?.state
  const opened = () => window.page.getByRole('dialog').filter({ hasText: 'Clear finished' })
  const button = (name: string) =>
    opened()
      .locator('[data-job]')
      .filter({ hasText: 'Looking at photos' })
      .getByRole('button', { name })

  it('pauses, survives a restart, resumes, cancels and ends', async () => {
    await writeLarge(window.pictures)
    await window.show('/')
    await window.client.library.addFolders({
      folders: [window.app.engine.handles.grant(window.pictures)],
    })
    await expect.poll(state, { timeout: 60_000 }).toBe('running')
    await tray().click()
    await opened().getByRole('progressbar', { name: 'Looking at photos' }).waitFor()
    await opened()
      .getByText(/ \/ 500/)
      .first()
      .waitFor()
    await button('Pause').click()
    await expect.poll(state).toBe('paused')
    await expectAccessible(window.page)
    const done = (await indexing())!.progress!.done
    expect(done).toBeLessThan(photos)

    await window.restart()
    expect(await state()).toBe('paused')
    await tray().click()
    await button('Go on').click()
    await expect.poll(state).toBe('running')
    await button('Cancel').click()
    await expect.poll(state).toBe('cancelled')
    // The rest need not be waited for.
    for (let photo = photosLeft; photo < photos; photo++) {
      await rm(join(window.pictures, `${photo}.jpg`))
    }
    await window.client.library.rescan({ root: null })
    await expect
      .poll(async () => (await window.client.library.status()).photos, { timeout: 60_000 })
      .toBe(photosLeft)
    await button('Go on').click()
    await expect
      .poll(async () => (await window.client.library.status()).toIndex, { timeout: 60_000 })
      .toBe(0)
    await window.idle()
    await opened().getByText('All done').waitFor()
    await opened().getByRole('button', { name: 'Clear finished' }).click()
    await expect.poll(async () => (await window.client.jobs.list()).length).toBe(0)
  }, 120_000)
})
