/** "Measure" in the window: how good a model is on photos of the library that no model has learned from. */
import { writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createEngine } from '../../../main/engine/createEngine.js'
import {
  describeLearned,
  writeLearned,
} from '../../../main/ml/clip/modelDirectory/learnedPictures.js'
import { writeModelDirectory } from '../../../main/ml/clip/modelDirectory/writeModelDirectory.js'
import { gatherEvidence, printOf } from '../../../main/tuning/linking/pictureEvidence.js'
import { drawShapes } from '../../support/drawnShapes.js'
import { smallModelParts, writeSmallModel } from '../../support/smallModel.js'
import { temporaryFolder } from '../../support/temporaryFolder.js'

const run = { signal: new AbortController().signal, onProgress: () => {} }

/** A small model that says it has learned from the pictures. */
async function writeTaught(folder: string, seed: number, pictures: readonly string[]) {
  const pairs = pictures.map((image) => ({ image, captions: [] }))
  const evidence = await gatherEvidence(pairs, run)
  const list = { pictures: pairs.map((_, i) => printOf(evidence, i)!), complete: true }
  const parts = smallModelParts(seed)
  return writeModelDirectory(folder, {
    ...parts,
    companions: { ...parts.companions, 'learned-pictures.json': writeLearned(list) },
    card: { ...parts.card, trainingReport: {}, learnedPictures: describeLearned(list) },
  })
}

test('photos that a model of the library has learned from count for none of them', {
  timeout: 300_000,
}, async () => {
  const folder = await temporaryFolder()
  const pictures = join(folder, 'pictures')
  const paths = await drawShapes(pictures, 3)
  const lines = paths.map((path, i) => `${basename(path)},picture number ${i}\n`)
  await writeFile(join(pictures, 'captions.csv'), `file,caption\n${lines.join('')}`)
  await writeSmallModel(join(folder, 'starter'))
  const engine = createEngine({
    libraryFolder: join(folder, 'library'),
    starterFolder: join(folder, 'starter'),
  })
  onTestFinished(() => engine.dispose())
  await engine.library.addFolders([pictures], run)
  await engine.library.index({ device: 'cpu' }, run)
  const starter = await engine.models.active()
  const measure = (row = starter) => engine.modelStore.measure(row, run)
  expect(await measure()).toMatchObject({ photos: 54, learned: 0 })

  const taught = await writeTaught(join(folder, 'taught'), 2, paths.slice(0, 30))
  const { row } = await engine.models.register(taught.path)
  const own = await measure(row)
  expect(own.learned).toBeGreaterThanOrEqual(30)
  expect(own.photos).toBeGreaterThanOrEqual(10)
  expect(own.photos + own.learned).toBe(54)
  expect(own.report!.textToImage.gallerySize).toBe(own.photos)
  // The same photos for each model, or figures could not be compared.
  expect(await measure()).toMatchObject({ photos: own.photos, learned: own.learned })

  const all = await writeTaught(join(folder, 'all'), 3, paths.slice(4))
  await engine.models.register(all.path)
  const nothing = await measure()
  expect(nothing).toMatchObject({ photos: 0, report: null })
  expect(nothing.learned).toBeGreaterThanOrEqual(50)
})
