import { expect, test } from 'vitest'
import { createRunCurves } from '../../../../main/ml/training/runCurves.js'
import type { RetrievalMetrics, TrainingEvent } from '../../../../shared/domain/training.js'

function stepEvent(step: number, loss: number): TrainingEvent {
  return {
    type: 'step',
    step,
    loss,
    epoch: 0,
    logitScale: 1,
    gradientNorm: 1,
    learningRate: 1,
    pairsPerSecond: 1,
    progress: 0,
    etaSeconds: 0,
  }
}

function evaluated(step: number, part: 'validation' | 'heldOut', recall: number): TrainingEvent {
  const metrics = { recallAt10: recall, chanceAt10: 0.1 } as RetrievalMetrics
  return { type: 'evaluated', part, step, report: { textToImage: metrics, imageToText: metrics } }
}

function started(resumedAtStep: number | null): TrainingEvent {
  const counts = { pairs: 1, heldOut: 1, parameters: 1, totalSteps: null }
  return { type: 'started', skipped: [], device: 'cpu', resumedAtStep, ...counts }
}

test('however many losses there are, at most 500 points tell of them all', () => {
  const curves = createRunCurves(null, 'heldOut')
  for (let step = 1; step <= 20_000; step++) curves.add(stepEvent(step, 1 / step))
  const { loss } = curves.read()
  expect(loss.length).toBeGreaterThan(200)
  expect(loss.length).toBeLessThanOrEqual(500)
  expect(loss.at(-1)!.step).toBeGreaterThan(19_900)
  const steps = loss.map(({ step }) => step)
  expect(steps).toEqual(steps.toSorted((a, b) => a - b))
  expect(loss.every(({ value }, i) => i === 0 || value < loss[i - 1]!.value)).toBe(true)
})

test('recall is of one part alone, and the last measurement of a step is the first', () => {
  const curves = createRunCurves(null, 'validation')
  curves.add(evaluated(0, 'validation', 0.2))
  curves.add(evaluated(5, 'validation', 0.4))
  curves.add(evaluated(5, 'heldOut', 0.9))
  expect(curves.read()).toMatchObject({
    chance: 0.1,
    recall: [
      { step: 0, textToImage: 0.2 },
      { step: 5, textToImage: 0.4 },
    ],
  })
})

test('what is trained again after an interruption is not drawn twice', () => {
  const curves = createRunCurves(null, 'heldOut')
  for (let step = 1; step <= 10; step++) curves.add(stepEvent(step, step))
  curves.add(evaluated(9, 'heldOut', 0.5))
  const again = createRunCurves(curves.read(), 'heldOut')
  again.add(started(8))
  again.add(stepEvent(9, 9))
  const { loss, recall } = again.read()
  expect(loss.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
  expect(recall).toEqual([])
})
