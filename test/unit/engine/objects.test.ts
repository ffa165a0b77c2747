/** Things in photos through the whole engine: found, inherited by a quick child, forgotten when switched off. */
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createEngine } from '../../../main/engine/createEngine.js'
import {
  type ModelCard,
  readCompanions,
  writeModelDirectory,
} from '../../../main/ml/clip/modelDirectory/writeModelDirectory.js'
import { openModelDirectory } from '../../../main/ml/clip/modelDirectory.js'
import { readModelFile } from '../../../main/ml/onnx/readModel.js'
import { starterFolder } from '../../../models/recipe/folders.js'
import { unpack } from '../../../shared/domain/packed.js'
import { writeShapes } from '../../support/pictureFolder.js'
import { writeTeddyBears } from '../../support/teddyBears.js'
import { temporaryFolder } from '../../support/temporaryFolder.js'

const run = { onProgress: () => {}, signal: new AbortController().signal }

/** The starter under another name, as if it had been adapted after its pooled feature. */
async function writeChild(folder: string, changes: Partial<ModelCard> = {}) {
  const parent = await openModelDirectory(starterFolder)
  const { formatVersion: _, id: __, files: ___, ...card } = parent.manifest!
  const vision = await readModelFile(parent.visionPath)
  return writeModelDirectory(folder, {
    vision: { ...vision, name: 'child' },
    text: await readModelFile(parent.textPath),
    companions: await readCompanions(parent),
    card: { ...card, name: 'child', parent: parent.id, method: 'quick', ...changes },
  })
}

test('a quick child knows what its parent has found without looking again, until it is switched off', async () => {
  const folder = await temporaryFolder()
  const pictures = join(folder, 'pictures')
  await mkdir(pictures)
  const file = join(pictures, 'teddies.jpg')
  await writeTeddyBears(file)
  const engine = createEngine({ libraryFolder: join(folder, 'library'), starterFolder })
  onTestFinished(() => engine.dispose())
  const { client } = engine
  await engine.library.addFolders([pictures], run)
  await engine.library.index({ device: 'cpu' }, run)
  const [id] = [...unpack((await client.photos.timeline({ order: 'newest' })).ids)]
  const teddies = (await client.photos.get({ id: id! })).objects
  expect(teddies.map(({ name }) => name)).toEqual(['teddy bear', 'teddy bear'])
  const search = async (query: string) =>
    (await client.search.run({ query, order: 'relevance', model: null })).total
  expect(await search('object:teddies')).toBe(1)
  expect(await search('object:teddy>=3')).toBe(0)
  expect(await search('-object:teddy')).toBe(0)
  // Another word for it counts when it is whole.
  expect(await client.search.complete({ text: 'object:teddi', cursor: 12 })).toEqual([])
  for (const text of ['object:ted', 'object:teddies']) {
    const [first] = await client.search.complete({ text, cursor: text.length })
    expect(first, text).toMatchObject({ insert: '"teddy bear"', count: 1 })
  }

  // Without the file, only from its parent can the child know what is in it.
  await rm(file)
  const child = await writeChild(join(folder, 'child'))
  const report = await engine.library.index({ device: 'cpu', model: child.path }, run)
  expect(report).toMatchObject({ indexed: 1, failed: 0, total: 1 })
  expect(await engine.modelStore.useNow(child.path, run)).toMatchObject({ active: true })
  expect((await client.photos.get({ id: id! })).objects).toEqual(teddies)
  expect(await search('object:teddy=2')).toBe(1)
  await client.settings.set({ findObjects: false })
  expect((await client.photos.get({ id: id! })).objects).toEqual([])
  expect(await search('object:teddy')).toBe(0)
})

test('the starter looks for things while a model is in use that finds none', async () => {
  const folder = await temporaryFolder()
  const pictures = join(folder, 'pictures')
  await writeShapes(pictures, 1)
  const engine = createEngine({ libraryFolder: join(folder, 'library'), starterFolder })
  onTestFinished(() => engine.dispose())
  const { client } = engine
  await engine.library.addFolders([pictures], run)
  const blind = await writeChild(join(folder, 'blind'), { objects: null, method: 'full' })
  await engine.library.index({ device: 'cpu', model: blind.path }, run)
  await engine.modelStore.useNow(blind.path, run)
  await engine.start()
  const found = async () =>
    (await client.search.run({ query: 'object:teddy', order: 'relevance', model: null })).total

  await writeTeddyBears(join(pictures, 'teddies.jpg'))
  await engine.library.addFolders([pictures], run)
  await expect.poll(found, { timeout: 20_000 }).toBe(1)
  await client.settings.set({ findObjects: false })
  expect(await found()).toBe(0)
  await client.settings.set({ findObjects: true })
  await expect.poll(found, { timeout: 20_000 }).toBe(1)
})
