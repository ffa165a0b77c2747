/** Small models take larger steps in more directions; others, and what was chosen, are left alone. */
import { mkdir, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { fitToParent } from '../../../main/tuning/fitToParent.js'
import {
  completeTrainingSpec,
  type TrainingChoices,
} from '../../../main/tuning/trainingDefaults.js'
import { folderForFile } from '../../support/temporaryFolder.js'

const folder = folderForFile()
const parent = (size: 'small' | 'large') => join(folder(), size)

beforeAll(async () => {
  for (const size of ['small', 'large'] as const) {
    await mkdir(join(parent(size), 'onnx'), { recursive: true })
    await writeFile(join(parent(size), 'onnx', 'text_model.onnx'), '')
  }
  // Without contents on disk.
  await truncate(join(parent('large'), 'onnx', 'text_model.onnx'), 100 * 1024 ** 2)
})

async function fitted(size: 'small' | 'large', choices: TrainingChoices) {
  const all = { ...choices, from: parent(size) }
  const { learningRate, lowRank } = await fitToParent(completeTrainingSpec(all), choices)
  return { learningRate, ...lowRank }
}

const usual = { learningRate: 2e-4, rank: 8, alpha: 16, blocks: null, layers: 'attention' }

test('a small model learns deeply in all layers', async () => {
  expect(await fitted('small', { method: 'deep' })).toEqual({
    learningRate: 1e-3,
    rank: 32,
    alpha: 64,
    blocks: null,
    layers: 'all',
  })
})

test('a large one, and other methods, learn as their recipes say', async () => {
  expect(await fitted('large', { method: 'deep' })).toEqual(usual)
  expect(await fitted('small', { method: 'full' })).toEqual({ ...usual, learningRate: 1e-5 })
})

test('what the user chose stays', async () => {
  const chosen = { rank: 4, alpha: 4, layers: 'attention', lr: 1e-4 } as const
  const { lr, ...others } = chosen
  expect(await fitted('small', { method: 'deep', ...chosen })).toEqual({
    ...others,
    blocks: null,
    learningRate: lr,
  })
})
