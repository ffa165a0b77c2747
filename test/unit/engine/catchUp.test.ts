/** Photos that come while the app is closed are there once it is open again. */
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createEngine } from '../../../main/engine/createEngine.js'
import { writeShapes } from '../../support/pictureFolder.js'
import { writeSmallModel } from '../../support/smallModel.js'
import { temporaryFolder } from '../../support/temporaryFolder.js'

test('what was written between two starts is found; what has not changed is left alone', {
  timeout: 60_000,
}, async () => {
  const home = await temporaryFolder()
  const pictures = join(home, 'pictures')
  await writeShapes(pictures, 3)
  await writeSmallModel(join(home, 'model'))

  async function open() {
    const libraryFolder = join(home, 'library')
    const engine = createEngine({ libraryFolder, starterFolder: join(home, 'model') })
    let closing: Promise<void> | null = null
    const dispose = () => {
      closing ??= engine.dispose()
      return closing
    }
    onTestFinished(dispose)
    const { client, handles } = engine
    await engine.start()
    const watched = async () => {
      const { roots } = await client.library.status()
      return roots.length > 0 && roots.every(({ watching }) => watching)
    }
    const busy = async () =>
      (await client.jobs.list()).filter(({ state }) => state === 'queued' || state === 'running')
    const scans = async () =>
      (await client.jobs.list()).filter(({ kind }) => kind === 'scan').length
    const photos = async () => (await client.library.status()).photos
    return { client, handles, dispose, watched, busy, scans, photos }
  }

  const first = await open()
  await first.client.library.addFolders({ folders: [first.handles.grant(pictures)] })
  await expect.poll(first.watched, { timeout: 45_000 }).toBe(true)
  await expect.poll(first.photos, { timeout: 45_000 }).toBe(3)
  await expect.poll(first.busy, { timeout: 45_000 }).toEqual([])
  await first.dispose()

  // Before the first start that watched from its beginning, nothing was known of the folder.
  const second = await open()
  await expect.poll(second.watched, { timeout: 45_000 }).toBe(true)
  await expect.poll(second.busy, { timeout: 45_000 }).toEqual([])
  await second.dispose()

  const third = await open()
  await expect.poll(third.watched, { timeout: 45_000 }).toBe(true)
  const scansBefore = await third.scans()
  await third.dispose()

  await writeShapes(join(pictures, 'new'), 5)
  const fourth = await open()
  expect(await fourth.scans()).toBe(scansBefore)
  await expect.poll(fourth.photos, { timeout: 45_000 }).toBe(5)
  expect(await fourth.scans()).toBe(scansBefore + 1)
})
