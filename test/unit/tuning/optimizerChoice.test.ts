/** What a user says about the optimizer, and what follows from it. */
import { expect, test } from 'vitest'
import { completeTrainingSpec } from '../../../main/tuning/trainingDefaults.js'

test('AdamW of the method stands unless something else is asked for', () => {
  const spec = completeTrainingSpec({ weightDecay: 0, schedule: 'linear', warmup: 0 })
  expect(spec.optimizer).toMatchObject({ kind: 'adamw', beta2: 0.98, weightDecay: 0 })
  expect(spec).toMatchObject({ schedule: 'linear', warmup: 0, warmupSteps: 0, learningRate: 5e-4 })
  expect(completeTrainingSpec({}).warmupSteps).toBe(40)
})

test('Lion takes a lower rate and more decay, unless they are given', () => {
  const spec = completeTrainingSpec({ optimizer: 'lion' })
  expect(spec.learningRate).toBeCloseTo(1e-4, 12)
  expect(spec.optimizer).toEqual({ kind: 'lion', beta1: 0.9, beta2: 0.99, weightDecay: 1 })
  const own = completeTrainingSpec({ optimizer: 'lion', lr: 0.5, weightDecay: 0.1 })
  expect(own).toMatchObject({ learningRate: 0.5, optimizer: { weightDecay: 0.1 } })
})

test('weights are averaged as asked, by an average that moves', () => {
  expect(completeTrainingSpec({ ema: 0 }).emaDecay).toBe(0)
  expect(completeTrainingSpec({ from: '/model', ema: 0.9 }).emaDecay).toBe(0.9)
  expect(() => completeTrainingSpec({ ema: 1 })).toThrow('--ema')
})

test('SGD wants a rate', () => {
  expect(() => completeTrainingSpec({ optimizer: 'sgd' })).toThrow('--lr')
  const spec = completeTrainingSpec({ optimizer: 'sgd', lr: 0.1 })
  expect(spec).toMatchObject({ learningRate: 0.1, optimizer: { kind: 'sgd', momentum: 0.9 } })
})
