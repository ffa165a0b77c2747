/** Many tiles in one answer: what lies ready comes first, and what cannot be had is said. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { answerImageRequest } from '../../../../main/hosts/images/answerImageRequest.js'
import type { ImageSource } from '../../../../main/hosts/images/imageSource.js'
import { AppError } from '../../../../shared/errors.js'
import { temporaryFolder } from '../../../support/temporaryFolder.js'

const line = (photo: number) => `${photo} data:image/webp;base64,${btoa(`tile ${photo}`)}\n`

/** A source whose tiles are files with a few words; `find` draws those that `atHand` has not. */
async function createSource(atHand: readonly number[], draw: (photo: number) => Promise<string>) {
  const folder = await temporaryFolder()
  const path = (photo: number) => join(folder, `${photo}.webp`)
  for (const photo of atHand) await writeFile(path(photo), `tile ${photo}`)
  const source: Pick<ImageSource, 'find' | 'tilesAtHand'> = {
    async tilesAtHand(library, photos) {
      if (library !== 'here') throw new AppError('PHOTO_NOT_FOUND', { photo: '1' })
      return photos.map((photo) => (atHand.includes(photo) ? path(photo) : null))
    },
    async find(_library, photo) {
      await writeFile(path(photo), await draw(photo))
      return { path: path(photo), contentType: 'image/webp', etag: '' }
    },
  }
  const ask = (address: string, method = 'GET') =>
    answerImageRequest(new Request(`http://x${address}`, { method }), source as ImageSource)
  return { ask, path }
}

test('tiles that lie ready come at once, others as they are drawn, and none waits for another', async () => {
  let finishSlow = (_: string) => {}
  const slow = new Promise<string>((resolve) => {
    finishSlow = resolve
  })
  const { ask } = await createSource([1, 3], async (photo) => {
    if (photo === 4) throw new AppError('IMAGE_UNREADABLE', { path: '4.jpg', reason: 'it is cut' })
    return photo === 2 ? slow : `tile ${photo}`
  })
  const answer = await ask('/images/here/tiles/1,2,3,4,5')
  const reader = answer!.body!.pipeThrough(new TextDecoderStream()).getReader()
  expect((await reader.read()).value).toBe(line(1) + line(3))
  const others = [(await reader.read()).value, (await reader.read()).value]
  expect(others.sort()).toEqual(['4\n', line(5)])
  finishSlow('tile 2')
  expect((await reader.read()).value).toBe(line(2))
  expect((await reader.read()).done).toBe(true)
})

test('who goes away is not written to', async () => {
  let finishDrawing = (_: string) => {}
  const drawn = new Promise<string>((resolve) => {
    finishDrawing = resolve
  })
  const { ask } = await createSource([1], () => drawn)
  const answer = await ask('/images/here/tiles/1,2')
  const reader = answer!.body!.getReader()
  await reader.read()
  await reader.cancel()
  finishDrawing('tile 2')
  await expect(reader.read()).resolves.toMatchObject({ done: true })
})

test('another library has none of them, too many are refused, and nothing but numbers is taken', async () => {
  const { ask } = await createSource([1], async () => '')
  expect((await ask('/images/there/tiles/1'))?.status).toBe(404)
  const photos = (count: number) => Array.from({ length: count }, () => 1).join()
  expect((await ask(`/images/here/tiles/${photos(64)}`))?.status).toBe(200)
  expect((await ask(`/images/here/tiles/${photos(65)}`))?.status).toBe(414)
  expect(await ask('/images/here/tiles/1,..%2f2')).toBeNull()
  expect(await ask('/images/here/tiles/')).toBeNull()
  expect(await ask('/images/here/tiles/1', 'POST')).toBeNull()
})
