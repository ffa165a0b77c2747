/** 8-bit weights of models from elsewhere: tried when a library is first indexed, or when asked to. */
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createEngine } from '../../../main/engine/createEngine.js'
import { writeModelDirectory } from '../../../main/ml/clip/modelDirectory/writeModelDirectory.js'
import { writePrecision } from '../../../main/ml/training/precision/writePrecision.js'
import { drawShapes } from '../../support/drawnShapes.js'
import { writeSmallModel } from '../../support/smallModel.js'
import { temporaryFolder } from '../../support/temporaryFolder.js'
import { wideModelParts } from '../../support/wideModel.js'

const { signal } = new AbortController()
const run = { signal, onProgress: () => {} }

/** A library of so many variants of each of 18 shapes, not indexed, whose model in use is the wide one. */
async function libraryWith(variants: number) {
  const folder = await temporaryFolder()
  const starterFolder = join(folder, 'starter')
  await writeSmallModel(starterFolder)
  const pictures = await drawShapes(join(folder, 'pictures'), variants)
  const model = await writeModelDirectory(join(folder, 'wide'), wideModelParts())
  const notices: string[] = []
  const libraryFolder = join(folder, 'library')
  const onNotice = (message: string) => notices.push(message)
  const engine = createEngine({ libraryFolder, starterFolder, onNotice })
  onTestFinished(() => engine.dispose())
  await engine.library.addFolders([join(folder, 'pictures')], run)
  await engine.modelStore.useNow(model.path, run)
  const active = async () => (await engine.client.models.list()).find((known) => known.active)!
  const index = () => engine.library.index({ device: 'cpu' }, run)
  return { engine, starterFolder, libraryFolder, pictures, model, notices, active, index }
}

test('a large library is indexed with 8 bits from the first photo on, and back is possible', async () => {
  const { engine, libraryFolder, pictures, model, notices, active, index } = await libraryWith(28)
  // As if it had been made and found good just before the program was ended.
  const int8 = join(libraryFolder, 'models', `${model.id}-int8`)
  const samples = { pictures: pictures.slice(0, 10), texts: ['a red circle'] }
  const made = await writePrecision(model, int8, { choice: 'int8', samples, threads: 1, signal })
  const report = await index()
  expect(report).toMatchObject({ id: made.model.id, indexed: 504, total: 504 })
  expect(await active()).toMatchObject({ id: made.model.id, parent: model.id, indexed: 504 })
  expect(notices.join()).toContain('8-bit weights')
  const describe = (id: string) => engine.client.models.describe({ id })
  const search = expect.objectContaining({ precision: 'int8', queries: 11 })
  expect(await describe(made.model.id)).toMatchObject({ precision: 'int8', search })
  expect(await describe(model.id)).toMatchObject({
    precision: 'float32',
    search,
    variant: made.model.id,
  })
  // What a person chooses afterwards stays chosen.
  expect(await engine.modelStore.useNow(model.path, run)).toMatchObject({ indexed: 504 })
  expect(await index()).toMatchObject({ id: model.id, total: 504 })
  expect(await active()).toMatchObject({ id: model.id })
}, 240_000)

test('a small library is indexed as it is, and 8 bits are tried when somebody asks', async () => {
  const { engine, model, active, index } = await libraryWith(12)
  expect(await index()).toMatchObject({ id: model.id, indexed: 216 })
  const { client } = engine
  const { job } = await client.models.tryInt8({ id: model.id })
  const state = async () => (await client.jobs.list()).find(({ id }) => id === job)?.state
  await expect.poll(state, { timeout: 60_000 }).toBe('completed')
  const { search, variant } = await client.models.describe({ id: model.id })
  expect(search!.queries).toBeGreaterThan(200)
  // How fast both are, the machine decides that the test runs on.
  expect(variant === null).toBe(search!.reason !== null)
  expect(await active()).toMatchObject({ id: variant ?? model.id, indexed: 216 })
}, 240_000)

test('a model that is chosen while 8 bits are tried stays chosen', async () => {
  const library = await libraryWith(12)
  const { engine, starterFolder, libraryFolder, pictures, model, active, index } = library
  // Both have seen the photos, so that switching takes no time.
  await index()
  await engine.modelStore.useNow(starterFolder, run)
  await index()
  await engine.modelStore.useNow(model.id, run)
  const int8 = join(libraryFolder, 'models', `${model.id}-int8`)
  const samples = { pictures: pictures.slice(0, 10), texts: ['a red circle'] }
  const made = await writePrecision(model, int8, { choice: 'int8', samples, threads: 1, signal })
  const { client } = engine
  const { job } = await client.models.tryInt8({ id: model.id })
  const seen = async () => (await client.models.list()).find(({ id }) => id === made.model.id)
  // Its photos are being looked at: what is chosen now is the last word.
  await expect.poll(async () => (await seen())?.indexed, { timeout: 60_000 }).toBeGreaterThan(0)
  await engine.modelStore.useNow(starterFolder, run)
  const state = async () => (await client.jobs.list()).find(({ id }) => id === job)?.state
  await expect.poll(state, { timeout: 60_000 }).toMatch(/completed|cancelled/)
  expect(await active()).toMatchObject({ kind: 'starter' })
}, 240_000)

test('full precision that somebody has asked for is kept', async () => {
  const { engine, model, index } = await libraryWith(28)
  const kept = await engine.models.precision(model.path, 'float32', signal)
  expect(kept).toMatchObject({ precision: 'float32', isNew: false })
  expect(await index()).toMatchObject({ id: model.id, indexed: 504 })
}, 240_000)
