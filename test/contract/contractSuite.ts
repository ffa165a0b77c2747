/** What every transport must keep: one suite over the contract, run by a test file for each. */
import { mkdir, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isDefinedError, safe } from '@orpc/client'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createEngine, type Engine } from '../../main/engine/createEngine.js'
import type { EngineClient } from '../../shared/contract/contract.js'
import { unpack } from '../../shared/domain/packed.js'
import type { ErrorCode } from '../../shared/errors.js'
import { writeShapes } from '../support/pictureFolder.js'
import { writeSmallModel } from '../support/smallModel.js'
import { folderForFile } from '../support/temporaryFolder.js'
import { testEvents } from './eventsSuite.js'

/** A client of an engine over some transport. */
export interface Connected {
  readonly client: EngineClient
  close(): Promise<void>
}

const pictures = 12
const query = { order: 'relevance', model: null } as const

export function testContract(connect: (engine: Engine) => Promise<Connected>): void {
  const folder = folderForFile()
  let engine: Engine
  let connected: Connected
  let client: EngineClient
  let photo = 0

  beforeAll(async () => {
    await writeSmallModel(join(folder(), 'model'))
    await writeShapes(join(folder(), 'pictures'), pictures)
    const broken = join(folder(), 'pictures', 'broken.jpg')
    await writeFile(broken, 'no picture')
    // Not the oldest, whatever the order in which the folder is read.
    const later = Date.now() / 1000 + 60
    await utimes(broken, later, later)
    engine = createEngine({
      libraryFolder: join(folder(), 'library'),
      starterFolder: join(folder(), 'model'),
    })
    await engine.start()
    connected = await connect(engine)
    client = connected.client
    const handle = engine.handles.grant(join(folder(), 'pictures'))
    await client.library.addFolders({ folders: [handle] })
    await settled(async () => {
      const { photos, toIndex } = await client.library.status()
      return photos === pictures + 1 && toIndex === 0
    })
    photo = unpack((await client.photos.timeline({ order: 'oldest' })).ids)[0]!
  })

  afterAll(async () => {
    await connected?.close()
    await engine?.dispose()
  })

  /** Resolves once every job is over and `condition` holds. */
  async function settled(condition: () => Promise<boolean>): Promise<void> {
    const over = async () => {
      const jobs = await client.jobs.list()
      expect(jobs.every(({ state }) => state === 'completed')).toBe(true)
      expect(await condition()).toBe(true)
    }
    await vi.waitFor(over, { timeout: 60_000, interval: 50 })
  }

  describe('library', () => {
    test('tells of its folders, photos, models and failures', async () => {
      const status = await client.library.status()
      expect(status).toMatchObject({ photos: pictures + 1, offline: 0, toIndex: 0 })
      expect(status.roots).toMatchObject([
        { path: join(folder(), 'pictures'), state: 'online', files: pictures + 1, failed: 1 },
      ])
      expect(status.models).toMatchObject([{ active: true, indexed: pictures }])
      const [broken] = status.failed
      expect(broken?.path).toBe(join(folder(), 'pictures', 'broken.jpg'))
      const failures = { root: null, reason: null, offset: 0, limit: 10 }
      expect(await client.library.failures(failures)).toEqual({ total: 1, files: [broken] })
    })

    test('walks folders by handles, and looks for changes', async () => {
      const home = await client.library.browse({ folder: null })
      expect(home.places.length).toBeGreaterThan(0)
      await mkdir(join(folder(), 'more'), { recursive: true })
      const here = await client.library.browse({ folder: engine.handles.grant(folder()) })
      expect(here.path).toBe(folder())
      expect(here.entries.map(({ name }) => name)).toEqual(['library', 'model', 'more', 'pictures'])
      await writeFile(join(folder(), 'model.ZIP'), '')
      const where = { folder: engine.handles.grant(folder()), archives: true }
      const { archives } = await client.library.browse(where)
      expect(archives.map(({ name }) => name)).toEqual(['model.ZIP'])
      expect(here.archives).toEqual([])
      const below = await client.library.browse({ folder: here.entries[2]!.handle })
      expect(below).toMatchObject({
        path: join(folder(), 'more'),
        entries: [],
        parent: here.folder,
      })
      await client.library.rescan({ root: null })
      await settled(async () => true)
    })

    test('refuses handles that nobody was given, and folders that are not its own', async () => {
      await expectRefusal(client.library.browse({ folder: '/etc' }), 'INVALID_ARGUMENT')
      await expectRefusal(client.library.addFolders({ folders: ['/etc'] }), 'INVALID_ARGUMENT')
      await expectRefusal(client.library.addFolders({ folders: [] }), 'INVALID_ARGUMENT')
      await expectRefusal(client.library.removeFolder({ root: 99 }), 'INVALID_ARGUMENT')
    })
  })

  describe('photos', () => {
    test('are listed, summed up, described and given words', async () => {
      const { ids, ratios, days } = await client.photos.timeline({ order: 'oldest' })
      for (const column of [ids, ratios, days]) expect(unpack(column)).toHaveLength(pictures + 1)
      const [summary] = await client.photos.summaries({ ids: [photo] })
      expect(summary).toMatchObject({ id: photo, width: 64, height: 64, offline: false })
      const words = { captions: ['a drawn shape'], tags: ['shape', 'größe'] }
      const none = { captions: [], tags: [] }
      await client.photos.editWords({ ids: [photo], add: words, remove: none })
      const described = await client.photos.get({ id: photo })
      expect(described).toMatchObject({ ...summary, caption: 'a drawn shape', format: 'png' })
      expect(described.tags).toEqual(words.tags.map((text) => ({ text, source: 'user' })))
      await client.photos.editWords({ ids: [photo], add: none, remove: words })
      expect((await client.photos.get({ id: photo })).captions).toEqual([])
    })

    test('are compared with each other', async () => {
      const similar = await client.photos.similar({ id: photo, limit: 3 })
      expect(similar).toHaveLength(3)
      expect(similar.map(({ photoId }) => photoId)).not.toContain(photo)
    })

    test('that are not there are told of', async () => {
      const missing = expectRefusal(client.photos.get({ id: 9_999 }), 'PHOTO_NOT_FOUND')
      expect(await missing).toEqual({ photo: '9999' })
      await expectRefusal(client.photos.get({ id: -1 }), 'INVALID_ARGUMENT')
    })
  })

  describe('search', () => {
    test('ranks, explains, completes and remembers', async () => {
      const found = await client.search.run({ ...query, query: 'name:red circle' })
      await client.search.remember({ query: 'name:red circle' })
      expect(found).toMatchObject({ searched: pictures, problems: [] })
      const [best] = unpack(found.ids)
      expect(await client.search.explain({ query: 'circle', ids: [best!] })).toMatchObject([
        { photoId: best, judgement: null, similarity: expect.any(Number) },
      ])
      await client.search.judge({ query: 'circle', ids: [best!], judgement: 'match' })
      expect(await client.search.explain({ query: 'circle', ids: [best!] })).toMatchObject([
        { judgement: 'match' },
      ])
      const completions = await client.search.complete({ text: 'fol', cursor: 3 })
      expect(completions.map(({ insert }) => insert)).toContain('folder:')
      expect(await client.search.history()).toMatchObject([{ query: 'name:red circle' }])
      await client.search.forget({ query: null })
      expect(await client.search.history()).toEqual([])
    })

    test('takes a picture that the person chose, and no other', async () => {
      const file = engine.handles.grant(join(folder(), 'pictures', 'red circle.png'))
      const { picture } = await client.search.addPicture({ file })
      const found = await client.search.run({ ...query, query: `picture:${picture}` })
      const [best] = unpack(found.ids)
      expect(await client.photos.get({ id: best! })).toMatchObject({ name: 'red circle.png' })
      const path = join(folder(), 'pictures', 'red circle.png')
      await expectRefusal(client.search.addPicture({ file: path.slice(-60) }), 'INVALID_ARGUMENT')
      await expectRefusal(
        client.search.run({ ...query, query: 'red', model: join(folder(), 'model') }),
        'MODEL_NOT_FOUND',
      )
    })

    test('refuses a query that is too long', async () => {
      const long = client.search.run({ ...query, query: 'x'.repeat(4_001) })
      expect(await expectRefusal(long, 'INVALID_ARGUMENT')).toMatchObject({ argument: 'query' })
    })
  })

  describe('jobs', () => {
    test('are listed, newest first, and cleared', async () => {
      const jobs = await client.jobs.list()
      expect(jobs.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['scan', 'index']))
      expect(jobs.map(({ id }) => id)).toEqual(jobs.map(({ id }) => id).toSorted((a, b) => b - a))
      await settled(async () => true)
      await client.jobs.clear()
      expect(await client.jobs.list()).toEqual([])
    })

    test('that are not there are told of', async () => {
      for (const call of [client.jobs.pause, client.jobs.resume, client.jobs.cancel]) {
        await expectRefusal(call({ id: 12_345 }), 'INVALID_ARGUMENT')
      }
    })
  })

  describe('models', () => {
    test('are listed, described, verified and used', async () => {
      const [model] = await client.models.list()
      expect(model).toMatchObject({ name: 'small', kind: 'starter', active: true, present: true })
      const one = { id: model!.id }
      expect(await client.models.describe(one)).toMatchObject({ licence: { name: 'MIT' } })
      expect(await client.models.verify(one)).toMatchObject({ files: expect.any(Number) })
      const used = await client.models.use(one)
      expect({ ...model, job: null }).toMatchObject(used)
      const catalogue = await client.models.catalogue()
      expect(catalogue[0]).toMatchObject({ id: expect.any(String), model: null, job: null })
      await expectRefusal(client.models.remove(one), 'INVALID_ARGUMENT')
    })

    test('are never named by a path', async () => {
      const one = { id: join(folder(), 'model') }
      const { use, verify, describe: tell, remove } = client.models
      for (const call of [use, verify, tell, remove]) {
        await expectRefusal<unknown>(call(one), 'MODEL_NOT_FOUND')
      }
    })
  })

  describe('teach', () => {
    test('shows what would be learned', async () => {
      const words = { captions: false, tags: false, names: true, judgements: false }
      const preview = await client.teach.preview({ source: { kind: 'library' }, words })
      expect(preview.pairs).toBe(pictures)
      const ids = [...unpack(preview.ids)]
      expect(ids).toHaveLength(pictures)
      expect(await client.teach.pairs({ ids: [ids[7]!, 9_999, ids[0]!], words })).toEqual([
        { photoId: ids[7], captions: [expect.stringMatching(/^[a-z]+ [a-z]+$/)] },
        { photoId: ids[0], captions: [expect.stringMatching(/^[a-z]+ [a-z]+$/)] },
      ])
      expect(await client.teach.pairs({ ids, words: { ...words, names: false } })).toEqual([])
      const tooMany = Array.from({ length: 501 }, (_, i) => i + 1)
      await expectRefusal(client.teach.pairs({ ids: tooMany, words }), 'INVALID_ARGUMENT')
      expect(await client.teach.runs()).toEqual([])
      for (const call of [client.teach.run, client.teach.keep, client.teach.discard]) {
        await expectRefusal<unknown>(call({ job: 77 }), 'INVALID_ARGUMENT')
      }
    })
  })

  describe('settings', () => {
    test('are changed in part, and checked', async () => {
      const settings = await client.settings.set({ theme: 'light' })
      expect(settings).toMatchObject({ theme: 'light', device: 'cpu' })
      expect(await client.settings.get()).toEqual(settings)
      expect(await client.settings.places()).toMatchObject({
        libraryFolder: join(folder(), 'library'),
      })
      const theme = 'loud' as 'light'
      expect(await expectRefusal(client.settings.set({ theme }), 'INVALID_ARGUMENT')).toMatchObject(
        { argument: 'theme' },
      )
      const elsewhere = client.settings.moveLibrary({ folder: 'nowhere' })
      await expectRefusal(elsewhere, 'INVALID_ARGUMENT')
    })
  })

  testEvents(() => client)

  test('a call that is given up is given up at once', async () => {
    const stop = new AbortController()
    const call = client.search.run({ ...query, query: 'blue' }, { signal: stop.signal })
    stop.abort()
    await expect(call).rejects.toThrow()
    expect(await client.settings.get()).toMatchObject({ device: 'cpu' })
  })
}

/** The data of a refusal that the contract knows, of the given code. */
async function expectRefusal<T>(call: Promise<T>, code: ErrorCode): Promise<unknown> {
  const [error, answer] = await safe(call)
  expect(answer).toBeUndefined()
  expect(error).toMatchObject({ code })
  expect(isDefinedError(error)).toBe(true)
  return (error as { data?: unknown } | null)?.data
}
