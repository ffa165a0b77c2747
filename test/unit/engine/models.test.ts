/** Models of a real library, over the contract. */
import { appendFile, cp, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createEngine } from '../../../main/engine/createEngine.js'
import { sealDirectory } from '../../../main/ml/clip/modelDirectory/sealDirectory.js'
import { writeModelDirectory } from '../../../main/ml/clip/modelDirectory/writeModelDirectory.js'
import { unpack } from '../../../shared/domain/packed.js'
import { writeClipExport } from '../../support/exports/clip.js'
import { writeShapes } from '../../support/pictureFolder.js'
import { smallModelParts, writeSmallModel } from '../../support/smallModel.js'
import { temporaryFolder } from '../../support/temporaryFolder.js'
import { zipFolder } from '../../support/zipFolder.js'

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

test('the model in use answers until another one has seen the photos, and back is instant', async () => {
  const { client, starter, other } = await engineWithModels()
  expect(await client.models.list()).toMatchObject([
    { id: starter.id, kind: 'starter', active: true, indexed: 6, present: true, parent: null },
    { id: other.id, kind: 'tuned', active: false, indexed: 0, present: true },
  ])
  const used = await client.models.use({ id: other.id })
  expect(used).toMatchObject({ id: other.id, active: false, job: expect.any(Number) })
  expect(used.sizeBytes).toBeGreaterThan(10_000)
  const query = { query: 'red', order: 'relevance', model: null } as const
  expect((await client.search.run(query)).searched).toBe(6)
  await expect
    .poll(async () => (await client.models.list())[1], { timeout: 30_000 })
    .toMatchObject({ indexed: 6, active: true })
  expect((await client.search.run(query)).model).toBe(other.id)
  // Nobody knows which languages a model of unknown origin was trained with.
  const russian = { ...query, query: 'собака' }
  expect(await client.search.run(russian)).toMatchObject({ unknownLanguage: null })
  const { search } = client
  expect(await search.run({ ...russian, model: starter.id })).toMatchObject({
    unknownLanguage: 'Russian',
  })
  const jobs = (await client.jobs.list()).length
  expect(await client.models.use({ id: starter.id })).toMatchObject({
    active: true,
    indexed: 6,
    job: null,
  })
  expect(await client.jobs.list()).toHaveLength(jobs)
})

test('whoever thinks better of a switch keeps what they have', async () => {
  const { client, engine, starter, other } = await engineWithModels()
  const { job } = await client.models.use({ id: other.id })
  await client.jobs.pause({ id: job! })
  await client.models.use({ id: starter.id })
  const left = (await client.jobs.list()).find(({ id }) => id === job)
  // Six photos take no time: it may have been done before it was paused.
  expect(['cancelled', 'completed']).toContain(left?.state)
  expect(await engine.models.active()).toMatchObject({ uid: starter.id })
})

test('of two whole copies of a model the one known stays, until it goes', async () => {
  const { folder, engine, other } = await engineWithModels()
  const copy = join(folder, 'copy')
  await cp(other.path, copy, { recursive: true })
  expect(await engine.modelStore.useNow(copy, run)).toMatchObject({ path: other.path, indexed: 6 })
  await rm(other.path, { recursive: true })
  expect(await engine.modelStore.useNow(copy, run)).toMatchObject({ path: copy, indexed: 6 })
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
    languages: null,
    method: null,
    precision: null,
    search: null,
    variant: null,
    pairs: null,
    seconds: null,
    heldOut: null,
    before: null,
    source: null,
    measure: null,
    space: { files: 0, embeddings: 0, caches: 0 },
  })
  expect((await client.models.list())[0]).toMatchObject({ active: true })
  await client.models.remove({ id: other.id })
  expect(await client.models.list()).toHaveLength(1)
})

test('a model tells which languages it understands, where anybody knows', async () => {
  const { client, starter, other } = await engineWithModels()
  const languages = async (id: string) => (await client.models.describe({ id })).languages
  expect(await languages(starter.id)).toBe('english')
  expect(await languages(other.id)).toBeNull()

  const engine = createEngine({ libraryFolder: join(await temporaryFolder(), 'library') })
  onTestFinished(() => engine.dispose())
  await engine.models.register(null)
  const [shipped] = await engine.client.models.list()
  expect((await engine.client.models.describe({ id: shipped!.id })).languages).toEqual([
    'English',
    'German',
    'French',
    'Spanish',
    'Italian',
    'Portuguese',
    'Chinese',
    'Japanese',
  ])
})

test('each side of a comparison is answered by its own model, which tells if it has seen nothing', async () => {
  const { engine, client, starter, other } = await engineWithModels()
  const ask = (model: string) => client.search.run({ query: 'red', order: 'relevance', model })
  const unseen = { message: expect.stringMatching(/^No photo has been indexed with this model/) }
  expect(await ask(starter.id)).toMatchObject({ model: starter.id, searched: 6, problems: [] })
  expect(await ask(other.id)).toMatchObject({ model: other.id, searched: 0, problems: [unseen] })
  await engine.library.index({ device: 'cpu', model: other.id }, run)
  expect(await ask(other.id)).toMatchObject({ model: other.id, searched: 6, problems: [] })
  // Filters alone ask nothing of a model.
  const filtered = { query: 'type:png', order: 'relevance', model: other.id } as const
  expect((await client.search.run(filtered)).problems).toEqual([])
})

test('what the makers of a downloaded model allow is known once it is there, and of its children', async () => {
  const { folder, engine, client, starter } = await engineWithModels()
  const path = join(folder, 'mobile')
  const { files } = await writeClipExport(path)
  const name = 'Apple ML Research Model'
  const source = { entry: 'mobileclip-s0', repository: 'Xenova/mobileclip_s0', revision: null }
  const sha256 = Object.fromEntries(
    Object.entries(files).map(([file, seal]) => [file, seal.sha256]),
  )
  const mobile = await sealDirectory(path, { name: 'mobile', licence: name, source, sha256 })
  await engine.models.register(mobile.path)
  const { card, ...parts } = smallModelParts(3)
  const taught = { ...parts, card: { ...card, name: 'taught', parent: mobile.id, licence: name } }
  const child = await writeModelDirectory(join(folder, 'taught'), taught)
  await engine.models.register(child.path)

  const restricted = { name, use: 'research' }
  const facts = { languages: 'english', licence: restricted, measure: null }
  expect(await client.models.describe({ id: mobile.id })).toMatchObject(facts)
  expect(await client.models.describe({ id: child.id })).toMatchObject(facts)
  const listed = await client.models.list()
  expect(listed.filter(({ licence }) => licence?.use === 'research').map(({ id }) => id)).toEqual([
    mobile.id,
    child.id,
  ])
  expect(listed.find(({ id }) => id === starter.id)).toMatchObject({
    licence: { name: 'MIT', use: null },
  })
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
  const { client, engine, starter, other } = await engineWithModels()
  const refused = { code: 'INVALID_ARGUMENT' }
  await expect(client.models.remove({ id: starter.id })).rejects.toMatchObject(refused)
  await engine.modelStore.useNow(other.id, run)
  await expect(client.models.remove({ id: starter.id })).rejects.toMatchObject(refused)
  await expect(client.models.remove({ id: other.id })).rejects.toMatchObject(refused)
  await client.models.use({ id: starter.id })
  const freed = await client.models.remove({ id: other.id })
  // Six embeddings of 24 numbers with their pooled features, and a folder that stays.
  expect(freed).toMatchObject({ files: 0, embeddings: 6 * (24 * 4 + 48 * 2) })
  await expect(client.models.use({ id: other.id })).rejects.toMatchObject({
    code: 'MODEL_NOT_FOUND',
  })
  expect((await client.jobs.list()).filter(({ state }) => state === 'running')).toEqual([])
  await rename(other.path, `${other.path}-still-there`)
})

test('a model is imported from a folder and from an archive, sealed, tried, and removed with all', async () => {
  const { folder, engine, client } = await engineWithModels()
  const source = join(folder, 'export')
  await writeClipExport(source)
  const model = await engine.modelStore.importFrom(source, run.signal)
  expect(model).toMatchObject({ name: 'export', kind: 'imported', indexed: 0 })
  expect(model.path).toBe(join(folder, 'library', 'models', model.id))
  await rm(source, { recursive: true })
  expect(await client.models.verify({ id: model.id })).toEqual({ files: 6 })

  const out = join(folder, 'out')
  const copy = await engine.modelStore.exportTo(model.id, out, run.signal)
  expect(copy).toMatchObject({ id: model.id, path: out })
  await expect(engine.modelStore.exportTo(model.id, out, run.signal)).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
  })
  const { space } = await client.models.describe({ id: model.id })
  expect(space.files).toBeGreaterThan(50_000)
  expect(await client.models.remove({ id: model.id })).toEqual(space)
  await expect(readFile(join(model.path, 'config.json'))).rejects.toThrow()

  const archive = join(folder, 'model.zip')
  await zipFolder(out, archive, 'in a folder/')
  const again = await engine.modelStore.importFrom(archive, run.signal)
  expect(again).toMatchObject({ id: model.id, name: 'export', path: model.path })
})

test('a model that was altered is not imported, and nothing is left of the attempt', async () => {
  const { folder, engine, other } = await engineWithModels()
  const copy = join(folder, 'copy')
  await cp(other.path, copy, { recursive: true })
  await appendFile(join(copy, 'tokenizer.json'), ' ')
  await expect(engine.modelStore.importFrom(copy, run.signal)).rejects.toMatchObject({
    code: 'MODEL_INVALID',
  })
  // What is wrong is told of what the person chose, not of where it was unpacked.
  const archive = join(folder, 'copy.zip')
  await zipFolder(copy, archive)
  await expect(engine.modelStore.importFrom(archive, run.signal)).rejects.toMatchObject({
    code: 'MODEL_INVALID',
    data: { path: join(archive, 'tokenizer.json') },
  })
  const nothing = join(folder, 'nothing')
  await expect(engine.modelStore.importFrom(nothing, run.signal)).rejects.toMatchObject({
    code: 'FILE_NOT_FOUND',
  })
  expect(await readdir(join(folder, 'library', 'models')).catch(() => [])).toEqual([])
})

test('a model is measured on the photos that have words, and here', async () => {
  const { engine, client, starter } = await engineWithModels()
  const row = await engine.models.known(starter.id)
  expect(await engine.modelStore.measure(row, run)).toMatchObject({ photos: 0, report: null })
  const { ids } = await client.photos.timeline({ order: 'newest' })
  for (const id of unpack(ids).subarray(0, 4)) {
    await client.photos.editWords({
      ids: [id],
      add: { captions: [`picture ${id}`], tags: [] },
      remove: { captions: [], tags: [] },
    })
  }
  await client.models.measure({ id: starter.id })
  await expect
    .poll(async () => (await client.models.describe({ id: starter.id })).measure, {
      timeout: 60_000,
    })
    .toMatchObject({
      photos: 4,
      report: { textToImage: { queries: 4, gallerySize: 4 } },
      picturesPerSecond: expect.any(Number),
    })
})
