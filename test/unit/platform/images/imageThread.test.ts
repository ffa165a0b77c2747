import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { decodeImage } from '../../../../main/platform/images/decodeImage.js'
import { drawThumbnail } from '../../../../main/platform/images/drawThumbnail.js'
import { createImageThread } from '../../../../main/platform/images/imageThread.js'
import { writeShapes } from '../../../support/pictureFolder.js'
import { temporaryFolder } from '../../../support/temporaryFolder.js'

const options = { width: 20, height: 10, fit: 'cover' } as const
const size = { width: 30, height: 30, quality: 80 }

async function someShape(): Promise<{ folder: string; path: string }> {
  const folder = await temporaryFolder()
  await writeShapes(folder, 1)
  const [name] = (await readdir(folder)).filter((file) => file.endsWith('.png'))
  return { folder, path: join(folder, name!) }
}

function openThread() {
  const thread = createImageThread()
  onTestFinished(() => thread.dispose())
  return thread
}

test('the thread decodes and draws what the functions themselves do', async () => {
  const { path } = await someShape()
  const thread = openThread()
  const [decoded, drawn] = await Promise.all([
    thread.decode(path, options),
    thread.drawThumbnail(path, size),
  ])
  const expected = await decodeImage(path, options)
  expect(decoded).toEqual({ ...expected, data: new Uint8Array(expected.data) })
  expect(Buffer.from(drawn)).toEqual(await drawThumbnail(path, size))
})

test('a broken picture is named with its reason, and the next one is decoded', async () => {
  const { folder, path } = await someShape()
  const broken = join(folder, 'broken.jpg')
  await writeFile(broken, 'no picture')
  const thread = openThread()
  const missing = join(folder, 'missing.jpg')
  const unreadable = { code: 'IMAGE_UNREADABLE', data: { path: broken } }
  await expect(thread.decode(broken, options)).rejects.toMatchObject(unreadable)
  await expect(thread.drawThumbnail(broken, size)).rejects.toMatchObject(unreadable)
  await expect(thread.decode(missing, options)).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' })
  expect(await thread.decode(path, options)).toMatchObject({ width: 20, height: 10 })
})

test('what waits when the thread ends is rejected', async () => {
  const { path } = await someShape()
  const thread = openThread()
  const waiting = expect(thread.decode(path, options)).rejects.toThrow('picture thread')
  await thread.dispose()
  await waiting
})

test('no thread starts after the end', async () => {
  const { path } = await someShape()
  const thread = openThread()
  await thread.dispose()
  await expect(thread.decode(path, options)).rejects.toThrow('picture thread')
  await expect(thread.drawThumbnail(path, size)).rejects.toThrow('picture thread')
})
