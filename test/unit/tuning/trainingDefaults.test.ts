/** What a user leaves out is completed by method, and what does not go together is refused. */
import { expect, test } from 'vitest'
import { completeTrainingSpec } from '../../../main/tuning/trainingDefaults.js'

const from = '/model'

test('deep adapts all blocks of both encoders by default, without augmentation', () => {
  const spec = completeTrainingSpec({ method: 'deep', from })
  expect(spec.lowRank).toEqual({ rank: 8, alpha: 16, blocks: null, layers: 'attention' })
  expect(spec).toMatchObject({ tower: 'both', blend: 'auto', augment: false })
  expect(spec.validation).toBeGreaterThan(0)
})

test('alpha follows the rank unless it is given', () => {
  expect(completeTrainingSpec({ method: 'deep', from, rank: 4 }).lowRank.alpha).toBe(8)
  const spec = completeTrainingSpec({ method: 'deep', from, rank: 4, alpha: 1, blocks: 2 })
  expect(spec.lowRank).toMatchObject({ rank: 4, alpha: 1, blocks: 2 })
})

test.each([
  [{ method: 'deep' }, '--from'],
  [{ method: 'full' }, '--from'],
  [{ method: 'quick', from, rank: 4 }, '--rank'],
  [{ method: 'deep', from, head: 'mlp' }, '--head'],
  [{ method: 'full', from, blocks: 4 }, '--blocks'],
  [{ method: 'full', from, arch: 'tiny' }, '--arch'],
  [{ method: 'quick', from, tower: 'text' }, '--tower: the method "quick" does not take it'],
  [{ method: 'scratch', blend: 0.5 }, '--blend'],
  [{ method: 'scratch', from }, '--from'],
  [{ method: 'quick', from, layerDecay: 0.8 }, '--layer-decay: the method "quick"'],
  [{ method: 'full', from, layerDecay: 0 }, '--layer-decay: above 0'],
  [{ method: 'scratch', patience: 3 }, '--patience: the method "scratch"'],
  [{ method: 'deep', from, learnFrom: 'pictures' }, '--learn-from'],
] as const)('%j is refused', (choices, told) => {
  expect(() => completeTrainingSpec(choices)).toThrow(told)
})
