/** What a person sets is kept, told and acted on; the library moves as a whole. */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createEngine, type Engine } from '../../../main/engine/createEngine.js'
import { unpack } from '../../../shared/domain/packed.js'
import { defaultSettings } from '../../../shared/domain/settings.js'
import { writeShapes } from '../../support/pictureFolder.js'
import { writeSmallModel } from '../../support/smallModel.js'
import { temporaryFolder } from '../../support/temporaryFolder.js'

const run = { signal: new AbortController().signal, onProgress: () => {} }

/** A home folder with a model; engines in it find the library in its usual place. */
async function prepareHome() {
  const home = await temporaryFolder()
  await writeSmallModel(join(home, 'model'))
  const environment = { HOME: home, XDG_DATA_HOME: join(home, 'data') }
  const start = (): Engine => {
    const engine = createEngine({ environment, starterFolder: join(home, 'model') })
    let closing: Promise<void> | null = null
    const dispose = () => {
      closing ??= engine.dispose()
      return closing
    }
    onTestFinished(dispose)
    return { ...engine, dispose }
  }
  return { home, usual: join(home, 'data', 'semblance'), start }
}

async function indexShapes(engine: Engine, folder: string): Promise<void> {
  await writeShapes(folder, 6)
  await engine.library.addFolders([folder], run)
  await engine.library.index({ device: 'cpu' }, run)
}

async function find({ client }: Engine): Promise<number[]> {
  const query = { query: 'red', order: 'relevance', model: null } as const
  return [...unpack((await client.search.run(query)).ids)]
}

async function emptyFolder(engine: Engine, path: string): Promise<{ folder: string }> {
  await mkdir(path, { recursive: true })
  return { folder: engine.handles.grant(path) }
}

test('settings are kept over restarts and told to whoever listens', async () => {
  const { start } = await prepareHome()
  const first = start()
  expect(await first.client.settings.get()).toEqual(defaultSettings)
  const events = await first.client.events.subscribe()
  expect((await events.next()).value).toMatchObject({ type: 'jobs' })
  const settings = { ...defaultSettings, theme: 'dark', watchFolders: false } as const
  const told = events.next()
  expect(await first.client.settings.set({ theme: 'dark', watchFolders: false })).toEqual(settings)
  expect((await told).value).toEqual({ type: 'settings', settings })
  await events.return?.()
  await first.dispose()
  expect(await start().client.settings.get()).toEqual(settings)
})

test('encoders go on as they are set, and searches find the same', async () => {
  const { home, start } = await prepareHome()
  const engine = start()
  await indexShapes(engine, join(home, 'pictures'))
  const found = await find(engine)
  expect(await engine.client.settings.set({ threads: 1 })).toMatchObject({ threads: 1 })
  expect(await find(engine)).toEqual(found)
})

test('the library moves, is found there by the next start, and moves back', async () => {
  const { home, usual, start } = await prepareHome()
  const first = start()
  await indexShapes(first, join(home, 'pictures'))
  // Models that were taught here stand in the library's folder.
  const taught = await writeSmallModel(join(usual, 'models', 'taught'), 2)
  await first.models.register(taught.path)
  const found = await find(first)
  const elsewhere = join(home, 'disk', 'semblance')
  const places = await first.client.settings.moveLibrary(await emptyFolder(first, elsewhere))
  expect(places.libraryFolder).toBe(elsewhere)
  expect(await readdir(usual)).toEqual(['moved.json'])
  expect(await find(first)).toEqual(found)
  await first.dispose()

  const second = start()
  expect(await find(second)).toEqual(found)
  const models = await second.client.models.list()
  expect(models.map(({ path, present }) => [path, present])).toEqual([
    [join(home, 'model'), true],
    [join(elsewhere, 'models', 'taught'), true],
  ])
  await second.client.settings.moveLibrary({ folder: second.handles.grant(usual) })
  expect(await find(second)).toEqual(found)
  await second.dispose()
  expect(await readdir(join(home, 'disk'))).toEqual([])
  expect(await readdir(usual)).not.toContain('moved.json')
})

test('a folder that cannot take the library is refused, and the library stays', async () => {
  const { home, usual, start } = await prepareHome()
  const engine = start()
  await indexShapes(engine, join(home, 'pictures'))
  const move = (path: string) =>
    engine.client.settings.moveLibrary({ folder: engine.handles.grant(path) })
  await expect(move(join(home, 'pictures'))).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
  await mkdir(join(usual, 'below'))
  await expect(move(join(usual, 'below'))).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
  await expect(move(join(home, 'nowhere'))).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' })
  await expect(engine.client.settings.moveLibrary({ folder: 'made-up' })).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
  })
  expect(await find(engine)).toHaveLength(6)
  expect(await readdir(join(home, 'pictures'))).toHaveLength(6)
})

test('a library that was asked for by name does not move', async () => {
  const { home } = await prepareHome()
  const engine = createEngine({
    libraryFolder: join(home, 'named'),
    starterFolder: join(home, 'model'),
  })
  onTestFinished(() => engine.dispose())
  const target = await emptyFolder(engine, join(home, 'empty'))
  await expect(engine.client.settings.moveLibrary(target)).rejects.toThrow('--library')
})

test('a library whose new place is away is told of, not begun anew', async () => {
  const { home, usual, start } = await prepareHome()
  const away = join(home, 'unplugged')
  await mkdir(usual, { recursive: true })
  await writeFile(join(usual, 'moved.json'), JSON.stringify({ folder: away, left: null }))
  await expect(start().client.settings.get()).rejects.toMatchObject({
    code: 'LIBRARY_AWAY',
    data: { path: away },
  })
  expect(await readdir(usual)).toEqual(['moved.json'])
  await writeFile(join(usual, 'moved.json'), '{"folder":')
  await expect(start().client.settings.get()).rejects.toMatchObject({ code: 'LIBRARY_CORRUPT' })
})

test('thumbnails move into a folder of their own, and back', async () => {
  const { home, usual, start } = await prepareHome()
  const { client, handles } = start()
  const before = join(usual, 'thumbnails')
  expect(await client.settings.places()).toMatchObject({
    thumbnailFolder: before,
    thumbnailBytes: 0,
  })
  await mkdir(join(before, 'ab'), { recursive: true })
  await writeFile(join(before, 'ab', 'abc-tile.webp'), 'drawn')
  const disk = join(home, 'disk')
  await mkdir(disk)
  await writeFile(join(disk, 'mine.txt'), 'not a thumbnail')
  const after = join(disk, 'Semblance thumbnails')
  const moved = await client.settings.moveThumbnails({ folder: handles.grant(disk) })
  expect(moved.thumbnailFolder).toBe(after)
  expect(await readFile(join(after, 'ab', 'abc-tile.webp'), 'utf8')).toBe('drawn')
  expect(await readdir(usual)).not.toContain('thumbnails')
  const cleared = await client.settings.clearThumbnails()
  expect(cleared).toMatchObject({ thumbnailFolder: after, thumbnailBytes: 0 })
  expect(await readdir(disk)).toEqual(['mine.txt'])
  const back = await client.settings.moveThumbnails({ folder: null })
  expect(back.thumbnailFolder).toBe(before)
})

test('tiles are drawn where the thumbnails are, also after a move that failed', async () => {
  const { home, usual, start } = await prepareHome()
  const engine = start()
  const { client, handles, images } = engine
  await indexShapes(engine, join(home, 'pictures'))
  const { uid } = await client.library.status()
  const draw = async (photo: number) => (await images.find(uid, photo, 'tile')).path
  const disk = join(home, 'disk')
  const after = join(disk, 'Semblance thumbnails')
  await mkdir(disk)
  await writeFile(after, 'in the way')
  const move = () => client.settings.moveThumbnails({ folder: handles.grant(disk) })
  expect(await draw(1)).toContain(join(usual, 'thumbnails'))
  await expect(move()).rejects.toThrow(after)
  expect(await draw(2)).toContain(join(usual, 'thumbnails'))
  await rm(after)
  await move()
  expect(await draw(1)).toContain(after)
  expect(await draw(3)).toContain(after)
})
