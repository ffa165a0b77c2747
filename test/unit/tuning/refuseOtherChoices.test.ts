/** An interrupted run goes on as it was begun, or says why not. */
import { expect, test } from 'vitest'
import { refuseOtherChoices } from '../../../main/tuning/refuseOtherChoices.js'
import { completeTrainingSpec } from '../../../main/tuning/trainingDefaults.js'

const spec = completeTrainingSpec({
  method: 'scratch',
  arch: 'tiny',
  epochs: 25,
  batch: 64,
  seed: 3,
})

test('the same settings, or none, are no contradiction', () => {
  for (const choices of [
    {},
    { arch: 'tiny', epochs: 25, batch: 64, seed: 3 },
    { method: 'scratch', loss: 'multi-positive', lr: spec.learningRate, device: 'auto' },
  ] as const) {
    expect(() => refuseOtherChoices(choices, spec, '/out.training')).not.toThrow()
  }
})

test.each([
  [{ epochs: 60 }, '--epochs: the interrupted run was begun with --epochs 25'],
  [{ minutes: 5 }, '--minutes: the interrupted run was begun without --minutes'],
  [{ from: '/model' }, '--from'],
  [{ method: 'quick' }, '--method'],
  [{ arch: 'small' }, '--arch'],
  [{ loss: 'infonce' }, '--loss'],
  [{ batch: 32 }, '--batch'],
  [{ lr: 1 }, '--lr'],
  [{ seed: 4 }, '--seed'],
] as const)('%j is refused', (choices, told) => {
  const refuse = () => refuseOtherChoices(choices, spec, '/out.training')
  expect(refuse).toThrow(told)
  expect(refuse).toThrow('/out.training')
})
