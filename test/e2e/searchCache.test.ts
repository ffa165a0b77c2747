/** The HNSW files are caches: whatever happens to them, search answers the same. */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { indexJobResultSchema } from '../../main/search/indexing/indexJob.js'
import { searchResultSchema } from '../../shared/domain/search.js'
import { runForJson, runForText } from '../support/commandLine.js'
import { uniform } from '../support/random.js'
import { writeSmallModel } from '../support/smallModel.js'
import { temporaryFolder } from '../support/temporaryFolder.js'

/** So wide that few photos are enough for a graph. */
const wideDim = 4_096
const photos = 1_300

test('a lost or damaged HNSW file is made anew without a word', { timeout: 300_000 }, async () => {
  const folder = await temporaryFolder()
  await writeTinyPictures(join(folder, 'pictures'), photos)
  await writeSmallModel(join(folder, 'model'), 1, wideDim)
  const library = join(folder, 'library')
  const inLibrary = ['--library', library]
  await runForText(['models', 'use', join(folder, 'model'), ...inLibrary])
  await runForText(['add', join(folder, 'pictures'), ...inLibrary])
  const index = () => runForJson(['index', ...inLibrary], indexJobResultSchema)
  expect(await index()).toMatchObject({ indexed: photos })
  const vectors = join(library, 'vectors')
  const names = (await readdir(vectors)).sort()
  expect(names).toEqual([expect.stringMatching(/\.hnsw$/), expect.stringMatching(/\.hnsw\.json$/)])
  const data = join(vectors, names[0] ?? '')
  const header = join(vectors, names[1] ?? '')
  const whole = { data: await readFile(data), header: await readFile(header) }

  const find = async () => {
    const args = ['search', '--like', '7', '--limit', '5', ...inLibrary]
    const { hits, searched } = await runForJson(args, searchResultSchema)
    expect(searched).toBe(photos)
    return hits.map(({ path, score }) => [path, score.toFixed(4)])
  }
  const undisturbed = await find()
  expect(undisturbed).toHaveLength(5)

  const altered = Buffer.from(whole.data)
  altered.writeUInt8(altered.readUInt8(altered.length / 2) ^ 0xff, altered.length / 2)
  for (const damage of [
    () => writeFile(data, whole.data.subarray(0, whole.data.length / 2)),
    () => writeFile(data, altered),
    () => writeFile(header, '{"format":1'),
    () => rm(vectors, { recursive: true }),
  ]) {
    await damage()
    expect(await find()).toEqual(undisturbed)
  }
  // The next run of index makes it again, though there is no photo to index.
  expect(await index()).toMatchObject({ indexed: 0, total: photos })
  // Beside them stands what searches have kept.
  const phrases = names[0]?.replace('.hnsw', '.phrases')
  expect((await readdir(vectors)).sort()).toEqual([...names, phrases])
  expect(await find()).toEqual(undisturbed)
})

/** Pictures of 8 x 8 random pixels. */
async function writeTinyPictures(folder: string, count: number): Promise<void> {
  await mkdir(folder)
  const random = uniform(5)
  const raw = { width: 8, height: 8, channels: 3 } as const
  for (let index = 0; index < count; index++) {
    const pixels = Uint8Array.from({ length: 192 }, () => 256 * random())
    await sharp(pixels, { raw })
      .png()
      .toFile(join(folder, `picture ${index}.png`))
  }
}
