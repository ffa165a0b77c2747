/** Searching a real library with a real, untrained model. */
import { copyFile, rename, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { SearchRequest } from '../../../main/engine/api/searchByPath.js'
import { createEngine, type Engine } from '../../../main/engine/createEngine.js'
import { writeShapes } from '../../support/pictureFolder.js'
import { writeSmallModel } from '../../support/smallModel.js'
import { temporaryFolder } from '../../support/temporaryFolder.js'

const run = { signal: new AbortController().signal, onProgress: () => {} }

async function engineWith(pictures: string): Promise<Engine> {
  const folder = await temporaryFolder()
  await writeSmallModel(join(folder, 'model'))
  const engine = createEngine({ libraryFolder: join(folder, 'library') })
  onTestFinished(() => engine.dispose())
  await engine.modelStore.useNow(join(folder, 'model'), run)
  await update(engine, pictures)
  return engine
}

async function update(engine: Engine, pictures: string): Promise<void> {
  await engine.library.addFolders([pictures], run)
  await engine.library.index({ device: 'cpu' }, run)
}

function searchLike(engine: Engine, likePhoto: string, limit: number) {
  const request: SearchRequest = { words: null, imageFile: null, likePhoto, model: null, limit }
  return engine.search.search(request)
}

test('however many photos have gone, the limit is filled with those that are there', async () => {
  const pictures = join(await temporaryFolder(), 'pictures')
  const paths = await writeShapes(pictures, 60)
  const engine = await engineWith(pictures)
  const [like = ''] = paths
  const before = await searchLike(engine, like, 60)
  expect(before.hits).toHaveLength(59)
  const best = before.hits.slice(0, 50).map((hit) => hit.path)
  for (const path of best) await rm(path)
  await engine.library.addFolders([pictures], run)
  const after = await searchLike(engine, like, 5)
  const expected = before.hits.slice(50, 55).map(({ photoId, score }) => ({ photoId, score }))
  expect(after.hits).toMatchObject(expected)
  expect(after.hits.map((hit) => hit.rank)).toEqual([1, 2, 3, 4, 5])
})

test('what is new is found, and a folder taken away is told by its hits', async () => {
  const folder = await temporaryFolder()
  const pictures = join(folder, 'pictures')
  const [first = '', second = ''] = await writeShapes(pictures, 2)
  const elsewhere = join(folder, 'elsewhere')
  const engine = await engineWith(pictures)
  expect((await searchLike(engine, first, 5)).hits).toHaveLength(1)
  await writeShapes(elsewhere, 3)
  await update(engine, elsewhere)
  const { hits } = await searchLike(engine, first, 5)
  expect(hits).toHaveLength(2)
  const copied = hits.find((hit) => hit.path === second)
  expect(copied).toMatchObject({
    offline: false,
    otherPaths: [join(elsewhere, basename(second))],
  })

  await rename(pictures, `${pictures} away`)
  const away = (await searchLike(engine, first, 5)).hits
  expect(away.every((hit) => !hit.offline && hit.path.startsWith(elsewhere))).toBe(true)
  await rename(elsewhere, `${elsewhere} away`)
  const allAway = (await searchLike(engine, first, 5)).hits
  expect(allAway.map((hit) => hit.offline)).toEqual([true, true])
})

test('searches at the same time share what they open', async () => {
  const pictures = join(await temporaryFolder(), 'pictures')
  const [first = '', second = ''] = await writeShapes(pictures, 4)
  const engine = await engineWith(pictures)
  const searches = [first, second, first].map((like) => searchLike(engine, like, 3))
  await copyFile(first, join(pictures, 'copy.png'))
  const results = await Promise.all([...searches, update(engine, pictures)])
  expect(results[0]?.hits).toEqual(results[2]?.hits)
})
