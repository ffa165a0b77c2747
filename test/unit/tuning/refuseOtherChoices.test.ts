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
  [{ rank: 4 }, '--rank: the interrupted run was begun with --rank 8'],
  [{ alpha: 4 }, '--alpha'],
  [{ blocks: 4 }, '--blocks: the interrupted run was begun with --blocks all'],
  [{ tower: 'text' }, '--tower'],
  [{ blend: 0.5 }, '--blend: the interrupted run was begun with --blend auto'],
  [{ loss: 'infonce' }, '--loss'],
  [{ temperature: 0.1 }, '--temperature: the interrupted run was begun without --temperature'],
  [{ margin: 0.1 }, '--margin'],
  [{ learnFrom: 'both' }, '--learn-from: the interrupted run was begun with --learn-from captions'],
  [{ viewWeight: 1 }, '--view-weight'],
  [{ hardNegatives: 0.5 }, '--hard-negatives'],
  [{ labels: 'folders' }, '--labels'],
  [{ balanced: true }, '--balanced: the interrupted run was begun without --balanced'],
  [{ batch: 32 }, '--batch'],
  [{ accumulate: 2 }, '--accumulate: the interrupted run was begun with --accumulate 1'],
  [{ layerDecay: 0.7 }, '--layer-decay: the interrupted run was begun with --layer-decay 1'],
  [{ patience: 3 }, '--patience: the interrupted run was begun with --patience 8'],
  [{ lr: 1 }, '--lr'],
  [{ optimizer: 'lion' }, '--optimizer: the interrupted run was begun with --optimizer adamw'],
  [{ weightDecay: 0.5 }, '--weight-decay: the interrupted run was begun with --weight-decay 0.2'],
  [{ schedule: 'linear' }, '--schedule'],
  [{ warmup: 0.5 }, '--warmup'],
  [{ ema: 0.5 }, '--ema: the interrupted run was begun with --ema 0.99'],
  [{ seed: 4 }, '--seed'],
] as const)('%j is refused', (choices, told) => {
  const refuse = () => refuseOtherChoices(choices, spec, '/out.training')
  expect(refuse).toThrow(told)
  expect(refuse).toThrow('/out.training')
})
