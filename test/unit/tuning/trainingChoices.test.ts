import { describe, expect, it } from 'vitest'
import { chooseLoss } from '../../../main/tuning/lossChoice.js'
import { completeTrainingSpec } from '../../../main/tuning/trainingDefaults.js'
import { lossNames, lossSpecSchema } from '../../../shared/domain/losses.js'
import { trainingSpecSchema } from '../../../shared/domain/training.js'

describe('chooseLoss', () => {
  it('takes the options that a loss has, and its defaults for the rest', () => {
    expect(chooseLoss({}, 'multi-positive')).toEqual({ name: 'multi-positive', temperature: null })
    expect(chooseLoss({ loss: 'triplet', mining: 'hard' }, 'infonce')).toEqual({
      name: 'triplet',
      margin: 0.2,
      mining: 'hard',
    })
    expect(chooseLoss({ loss: 'n-pair', l2: 0.1 }, 'infonce')).toEqual({
      name: 'n-pair',
      l2Weight: 0.1,
    })
  })

  it.each([
    [{ loss: 'infonce', margin: 0.2 }, '--margin: the loss "infonce" has no such option'],
    [{ loss: 'supcon', mining: 'hard' }, 'it is for triplet'],
    [{ loss: 'triplet', temperature: 0.1 }, 'it is for multi-positive, infonce, logistic'],
    [{ loss: 'triplet', margin: 3 }, '--margin: '],
    [{ loss: 'nt-xent', temperature: 100 }, '--temperature: '],
  ] as const)('refuses %j', (choices, told) => {
    expect(() => chooseLoss(choices, 'multi-positive')).toThrow(told)
  })
})

describe('the specification of a loss', () => {
  it('may be a name alone, as earlier versions wrote it', () => {
    const spec = completeTrainingSpec({ method: 'scratch' })
    const older = { ...spec, loss: 'infonce' }
    expect(trainingSpecSchema.parse(older).loss).toEqual({ name: 'infonce', temperature: null })
    for (const name of lossNames) expect(lossSpecSchema.parse(name).name).toBe(name)
  })
})

describe('what is learned from', () => {
  const kindOf = (choices: Parameters<typeof completeTrainingSpec>[0]) =>
    completeTrainingSpec(choices).learnFrom

  it('is pictures for NT-Xent where they are rendered, and captions otherwise', () => {
    expect(kindOf({ loss: 'nt-xent' })).toEqual({ kind: 'pictures' })
    expect(kindOf({ loss: 'nt-xent', from: 'model' })).toEqual({ kind: 'captions' })
    expect(kindOf({ loss: 'nt-xent', learnFrom: 'captions' })).toEqual({ kind: 'captions' })
    expect(kindOf({ loss: 'supcon' })).toEqual({ kind: 'captions' })
  })

  it('is both with a weight, and NT-Xent for the views', () => {
    expect(kindOf({ learnFrom: 'both', viewWeight: 2 })).toEqual({
      kind: 'both',
      weight: 2,
      loss: { name: 'nt-xent', temperature: 0.2 },
    })
  })

  it('refuses what does not go together', () => {
    expect(() => kindOf({ learnFrom: 'pictures', from: 'model' })).toThrow('--learn-from: ')
    expect(() => kindOf({ viewWeight: 2 })).toThrow('--view-weight: ')
  })
})

describe('how batches are drawn', () => {
  const samplingOf = (choices: Parameters<typeof completeTrainingSpec>[0]) =>
    completeTrainingSpec(choices).sampling

  it('is as chosen', () => {
    expect(samplingOf({})).toEqual({ kind: 'shuffled' })
    expect(samplingOf({ balanced: true })).toEqual({ kind: 'balanced', perLabel: 4 })
    expect(samplingOf({ hardNegatives: 0.3 })).toEqual({ kind: 'hard-negatives', share: 0.3 })
  })

  it.each([
    [{ hardNegatives: 0.3, balanced: true }],
    [{ hardNegatives: 0.95 }],
    [{ hardNegatives: 0.3, learnFrom: 'both' }],
  ] as const)('refuses %j', (choices) => {
    expect(() => samplingOf(choices)).toThrow('--hard-negatives: ')
  })
})
