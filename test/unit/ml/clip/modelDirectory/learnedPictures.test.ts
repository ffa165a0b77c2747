/** The list of pictures that a model has learned from, as it lies in its folder. */
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import {
  describeLearned,
  inheritLearned,
  joinLearned,
  type LearnedPicture,
  type LearnedPictures,
  readLearned,
  writeLearned,
} from '../../../../../main/ml/clip/modelDirectory/learnedPictures.js'
import {
  type ModelParts,
  writeModelDirectory,
} from '../../../../../main/ml/clip/modelDirectory/writeModelDirectory.js'
import { openModelDirectory } from '../../../../../main/ml/clip/modelDirectory.js'
import { writePrecision } from '../../../../../main/ml/training/precision/writePrecision.js'
import { shapeNames, writeShapes } from '../../../../support/pictureFolder.js'
import { smallModelParts, writeSmallModel } from '../../../../support/smallModel.js'
import { temporaryFolder } from '../../../../support/temporaryFolder.js'
import { wideModelParts } from '../../../../support/wideModel.js'

const picture = (content: string, level = 7): LearnedPicture => ({
  content: content.padEnd(16, '0'),
  high: 0xfedcba98,
  low: 0x80000001,
  colour: [level, 0, 255],
})
const listOf = (...contents: string[]): LearnedPictures => ({
  pictures: contents.map((content) => picture(content)),
  complete: true,
})

function withList(list: LearnedPictures, parts = smallModelParts()): ModelParts {
  return {
    ...parts,
    companions: { ...parts.companions, 'learned-pictures.json': writeLearned(list) },
    card: { ...parts.card, trainingReport: {}, learnedPictures: describeLearned(list) },
  }
}

it('comes back as it was written, whatever the order, and follows the model to another precision', {
  timeout: 300_000,
}, async () => {
  const folder = await temporaryFolder()
  const model = await writeModelDirectory(
    join(folder, 'model'),
    withList(listOf('b2', 'a1'), wideModelParts()),
  )
  expect(model.manifest!.learnedPictures).toMatchObject({ pictures: 2, complete: true })
  expect(await readLearned(model)).toEqual(listOf('a1', 'b2'))
  expect(writeLearned(listOf('b2', 'a1'))).toBe(writeLearned(listOf('a1', 'b2')))
  await openModelDirectory(model.path, { verify: 'full' })
  const { model: rounded } = await writePrecision(model, join(folder, 'int8'), {
    choice: 'int8',
    samples: {
      pictures: await writeShapes(join(folder, 'shapes'), 12),
      texts: shapeNames.slice(0, 12),
    },
    threads: 1,
    signal: new AbortController().signal,
    budgetMs: 1_000,
  })
  expect(rounded.id).not.toBe(model.id)
  expect(await readLearned(rounded)).toEqual(listOf('a1', 'b2'))
})

it('takes a list of more than it may hold for one that is not complete', () => {
  expect(joinLearned(listOf('a1'), listOf('b2', 'a1'))).toEqual(listOf('a1', 'b2'))
  const older = { ...listOf('b2'), complete: false }
  expect(joinLearned(listOf('a1'), older)).toEqual({ ...listOf('a1', 'b2'), complete: false })
  const cut = joinLearned(listOf('c3'), listOf('a1', 'b2'), 2)
  expect(cut).toEqual({ ...listOf('c3', 'a1'), complete: false })
})

it('knows which models have none, and which should have one', async () => {
  const folder = await temporaryFolder()
  expect(await readLearned(await writeSmallModel(join(folder, 'untrained')))).toBeNull()
  const parts = smallModelParts()
  const old = { ...parts, card: { ...parts.card, trainingReport: {} } }
  const before = await writeModelDirectory(join(folder, 'old'), old)
  expect(await readLearned(before)).toEqual({ pictures: [], complete: false })
  expect(inheritLearned(before)).toBeNull()
})

it('says of a model that is its parent as that was, that it has learned from nothing else', async () => {
  const folder = await temporaryFolder()
  const untrained = await writeSmallModel(join(folder, 'untrained'))
  const parts = smallModelParts()
  const learnedPictures = inheritLearned(untrained)
  const card = { ...parts.card, trainingReport: {}, learnedPictures }
  const child = await writeModelDirectory(join(folder, 'child'), { ...parts, card })
  expect(child.id).toBe(untrained.id)
  expect(await readLearned(child)).toEqual({ pictures: [], complete: true })
  const taught = await writeModelDirectory(join(folder, 'taught'), withList(listOf('a1')))
  expect(inheritLearned(taught)).toEqual(taught.manifest!.learnedPictures)
})

it('names the file that is missing, damaged, or of another version', async () => {
  const folder = await temporaryFolder()
  const model = await writeModelDirectory(join(folder, 'model'), withList(listOf('a1', 'b2')))
  const path = join(model.path, 'learned-pictures.json')
  const text = await readFile(path, 'utf8')
  const damages: [string, RegExp][] = [
    ['no JSON', /no valid JSON/],
    [text.replace('"formatVersion":1', '"formatVersion":2'), /newer Semblance/],
    [text.replace(/"pictures":".{4}/, '"pictures":"'), /whole fingerprints/],
    [text.replace(/"pictures":".{4}/, '"pictures":"?!?!'), /pictures: /],
  ]
  for (const [content, reason] of damages) {
    await writeFile(path, content)
    const failure = readLearned(model)
    await expect(failure).rejects.toMatchObject({ code: 'MODEL_INVALID', data: { path } })
    await expect(failure).rejects.toThrow(reason)
  }
  await rm(path)
  await expect(readLearned(model)).rejects.toMatchObject({ data: { path } })
  const unlisted = { ...model, files: {} }
  await expect(readLearned(unlisted)).rejects.toThrow(/does not list it/)
})
