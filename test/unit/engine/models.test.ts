/** Models of a real library, over the contract. */
import { appendFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createEngine } from '../../../main/engine/createEngine.js'
import { writeShapes } from '../../support/pictureFolder.js'
import { writeSmallModel } from '../../support/smallModel.js'
import { temporaryFolder } from '../../support/temporaryFolder.js'

const run = { signal: new AbortController().signal, onProgress: () => {} }

/** A library of six indexed pictures that knows a second model. */
async function engineWithModels() {
  const folder = await temporaryFolder()
  const starterFolder = join(folder, 'starter')
  const starter = await writeSmallModel(starterFolder, 1)
  const other = await writeSmallModel(join(folder, 'other'), 2)
  await writeShapes(join(folder, 'pictures'), 6)
  const engine = createEngine({ libraryFolder: join(folder, 'library'), starterFolder })
  onTestFinished(() => engine.dispose())
  await engine.library.addFolders([join(folder, 'pictures')], run)
  await engine.library.index({ device: 'cpu' }, run)
  await engine.models.register(other.path)
  return { folder, engine, client: engine.client, starter, other }
}

test('a model that has not seen the photos indexes them when it is used, and back is instant', async () => {
  const { client, starter, other } = await engineWithModels()
  expect(await client.models.list()).toMatchObject([
    { id: starter.id, kind: 'starter', active: true, indexed: 6, present: true, parent: null },
    { id: other.id, kind: 'tuned', active: false, indexed: 0, present: true },
  ])
  const used = await client.models.use({ id: other.id })
  expect(used).toMatchObject({ id: other.id, active: true })
  expect(used.sizeBytes).toBeGreaterThan(10_000)
  await expect
    .poll(async () => (await client.models.list())[1]!.indexed, { timeout: 10_000 })
    .toBe(6)
  const jobs = (await client.jobs.list()).length
  expect(await client.models.use({ id: starter.id })).toMatchObject({ active: true, indexed: 6 })
  expect(await client.jobs.list()).toHaveLength(jobs)
})

test('a model whose folder is gone is told of as away, and cannot be used', async () => {
  const { client, other } = await engineWithModels()
  await rename(other.path, `${other.path}-moved`)
  const [, away] = await client.models.list()
  expect(away).toMatchObject({ id: other.id, present: false, sizeBytes: 0 })
  await expect(client.models.use({ id: other.id })).rejects.toMatchObject({
    code: 'FILE_NOT_FOUND',
  })
  expect(await client.models.describe({ id: other.id })).toEqual({
    licence: null,
    method: null,
    pairs: null,
    seconds: null,
    heldOut: null,
    before: null,
  })
  expect((await client.models.list())[0]).toMatchObject({ active: true })
  await client.models.remove({ id: other.id })
  expect(await client.models.list()).toHaveLength(1)
})

test('altered files are found', async () => {
  const { client, other } = await engineWithModels()
  expect(await client.models.verify({ id: other.id })).toEqual({ files: other.fileCount })
  await appendFile(join(other.path, 'config.json'), ' ')
  await expect(client.models.verify({ id: other.id })).rejects.toMatchObject({
    code: 'MODEL_INVALID',
    message: expect.stringContaining('config.json'),
  })
})

test('neither the starter nor the model in use can be removed; files of others stay', async () => {
  const { client, starter, other } = await engineWithModels()
  const refused = { code: 'INVALID_ARGUMENT' }
  await expect(client.models.remove({ id: starter.id })).rejects.toMatchObject(refused)
  await client.models.use({ id: other.id })
  await expect(client.models.remove({ id: starter.id })).rejects.toMatchObject(refused)
  await expect(client.models.remove({ id: other.id })).rejects.toMatchObject(refused)
  await client.models.use({ id: starter.id })
  await client.models.remove({ id: other.id })
  await expect(client.models.use({ id: other.id })).rejects.toMatchObject({
    code: 'MODEL_NOT_FOUND',
  })
  expect((await client.jobs.list()).filter(({ state }) => state === 'running')).toEqual([])
  await rename(other.path, `${other.path}-still-there`)
})
