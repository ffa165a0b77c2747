/** What the starter model sees in single photos of a real library. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createEngine, type Engine } from '../../../main/engine/createEngine.js'
import { findPhoto } from '../../../main/library/findPhoto.js'
import { openDatabase } from '../../../main/storage/openDatabase.js'
import type { MatchMap } from '../../../shared/domain/photo.js'

const iconSet = readFile(
  createRequire(import.meta.url).resolve('@iconify-json/fluent-emoji/icons.json'),
  'utf8',
).then(JSON.parse)
const run = { signal: new AbortController().signal, onProgress: () => {} }
const things =
  `automobile dog-face red-apple bicycle sunflower airplane pizza cat-face house fish guitar
  tiger cow rocket banana sailboat rose octopus hibiscus tulip castle snowman umbrella taxi`.split(
    /\s+/,
  )
const halves = [
  ['automobile', 'dog-face'],
  ['sunflower', 'airplane'],
  ['fish', 'red-apple'],
] as const

let folder: string
let engine: Engine
const ids = new Map<string, number>()

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'semblance-insight-'))
  const pictures = join(folder, 'pictures')
  await mkdir(pictures)
  for (const name of things) await writeFile(join(pictures, `${name}.png`), await drawIcon(name))
  for (const [left, right] of halves) {
    await writeFile(join(pictures, `${left} ${right}.png`), await drawHalves(left, right))
  }
  const library = join(folder, 'library')
  engine = createEngine({ libraryFolder: library })
  await engine.library.addFolders([pictures], run)
  await engine.library.index({ device: 'cpu' }, run)
  await engine.dispose()
  const database = await openDatabase(library)
  for (const name of [...things, ...halves.map((pair) => pair.join(' '))]) {
    ids.set(name, await findPhoto(database, join(pictures, `${name}.png`)))
  }
  const say = (name: string, text: string) => ({ photoId: ids.get(name)!, text, source: 'user' })
  await database.tags.addMany([say('rose', 'blossom of Eden'), say('sunflower', 'sunflower')])
  await database.captions.addMany([say('automobile', 'a red car')])
  await database.dispose()
  engine = createEngine({ libraryFolder: library })
}, 240_000)

afterAll(async () => {
  await engine.dispose()
  await rm(folder, { recursive: true, force: true })
})

async function drawIcon(name: string, size = 200): Promise<Buffer> {
  const { icons, width, height } = await iconSet
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 ${width} ${height}" width="${size}" height="${size}">${icons[name].body}</svg>`
  return sharp(Buffer.from(svg)).png().toBuffer()
}

async function drawHalves(left: string, right: string): Promise<Buffer> {
  return sharp({ create: { width: 480, height: 240, channels: 3, background: '#fff' } })
    .composite([
      { input: await drawIcon(left), left: 20, top: 20 },
      { input: await drawIcon(right), left: 260, top: 20 },
    ])
    .png()
    .toBuffer()
}

/** Mean of the map's left and right half. */
function meanOfHalves({ rows, columns, values }: MatchMap): [number, number] {
  const sums: [number, number] = [0, 0]
  values.forEach((value, i) => {
    sums[i % columns < columns / 2 ? 0 : 1] += value / ((rows * columns) / 2)
  })
  return sums
}

test('the map of a picture points at the half in which the thing is', async () => {
  for (const [left, right] of halves) {
    for (const name of [left, right]) {
      const id = ids.get(`${left} ${right}`)!
      const words = name.replace('-', ' ')
      const map = await engine.client.photos.matchMap({ id, words })
      expect(map).toMatchObject({ rows: 12, columns: 24 })
      const [inLeft, inRight] = meanOfHalves(map!)
      const [own, other] = name === left ? [inLeft, inRight] : [inRight, inLeft]
      expect(own, `${words} of ${left} and ${right}`).toBeGreaterThan(1.3 * other)
      expect(Math.min(...map!.values)).toBeGreaterThanOrEqual(0)
      expect(Math.max(...map!.values)).toBeLessThanOrEqual(1)
    }
  }
}, 240_000)

test('words for a photo are few, fit, and are not there yet', async () => {
  const wordsFor = async (name: string) =>
    engine.client.photos.suggestWords({ id: ids.get(name)!, limit: 20 })
  await wordsFor('sailboat')
  const cache = join(folder, 'library', 'cache')
  await expect.poll(() => readdir(cache), { timeout: 60_000 }).toHaveLength(1)
  const boat = await wordsFor('sailboat')
  // Small sailing boats are called either.
  expect(['sailboat', 'dinghy']).toContain(boat[0]?.text)
  expect(boat.length).toBeLessThan(20)
  expect(boat.map(({ relevance }) => relevance)).toEqual(
    boat.map(({ relevance }) => relevance).toSorted((a, b) => b - a),
  )
  const sunflower = (await wordsFor('sunflower')).map(({ text }) => text)
  expect(sunflower).not.toContain('sunflower')
  const taxi = await wordsFor('taxi')
  expect(taxi.find(({ text }) => text === 'a red car')).toMatchObject({
    kind: 'caption',
    origin: 'own',
  })
  expect((await wordsFor('fish')).map(({ text }) => text)).not.toContain('a red car')
}, 240_000)

test('similar photos come without the photo itself', async () => {
  const found = await engine.client.photos.similar({ id: ids.get('rose')!, limit: 5 })
  expect(found).toHaveLength(5)
  const known = found.map(({ photoId }) => photoId)
  expect(known).not.toContain(ids.get('rose'))
  expect([ids.get('hibiscus'), ids.get('tulip')].some((id) => known.includes(id!))).toBe(true)
  expect(found[0]!.similarity).toBeGreaterThan(found[4]!.similarity)
})

test('a photo that is not there has no map', async () => {
  const asked = engine.client.photos.matchMap({ id: 9_999, words: 'dog' })
  await expect(asked).rejects.toMatchObject({ code: 'PHOTO_NOT_FOUND' })
  expect(await engine.client.photos.suggestWords({ id: 9_999, limit: 5 })).toEqual([])
})
