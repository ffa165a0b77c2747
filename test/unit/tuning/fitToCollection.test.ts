/** Small collections get enough updates, large ones and what was chosen are left alone. */
import { expect, test } from 'vitest'
import { fitToCollection } from '../../../main/tuning/fitToCollection.js'
import {
  completeTrainingSpec,
  type TrainingChoices,
} from '../../../main/tuning/trainingDefaults.js'

const from = '/model'

function fitted(choices: TrainingChoices, pairs: number) {
  const { batchSize, microBatchSize, epochs, minutes } = fitToCollection(
    completeTrainingSpec(choices),
    choices,
    pairs,
  )
  const steps = epochs === null ? null : Math.floor(pairs / batchSize) * epochs
  return { batchSize, microBatchSize, epochs, minutes, steps }
}

test.each([
  ['deep', 20, { batchSize: 32, epochs: 60 }],
  ['deep', 180, { batchSize: 32, epochs: 60, steps: 300 }],
  ['deep', 400, { batchSize: 64, epochs: 50, steps: 300 }],
  ['deep', 10_000, { batchSize: 128, epochs: 6, steps: 468 }],
  ['full', 180, { batchSize: 32, epochs: 60, steps: 300 }],
  ['full', 40_000, { batchSize: 256, epochs: 10, steps: 1560 }],
  ['quick', 180, { batchSize: 512, epochs: 300 }],
  ['quick', 2_000, { batchSize: 512, epochs: 100, steps: 300 }],
  ['quick', 20_000, { batchSize: 512, epochs: 40, steps: 1560 }],
] as const)('%s over %d pairs', (method, pairs, expected) => {
  expect(fitted({ method, from }, pairs)).toMatchObject(expected)
})

test('what the user chose stays', () => {
  const deep = { method: 'deep', from } as const
  expect(fitted({ ...deep, batch: 100 }, 180)).toMatchObject({ batchSize: 100, steps: 60 })
  expect(fitted({ ...deep, accumulate: 3 }, 1_000)).toMatchObject({ batchSize: 128, epochs: 60 })
  expect(fitted({ ...deep, epochs: 2 }, 180)).toMatchObject({ batchSize: 32, epochs: 2 })
  expect(fitted({ ...deep, minutes: 5 }, 180)).toMatchObject({ epochs: null, minutes: 5 })
})

test('a run that time limits is left alone, and two views are two rows', () => {
  expect(fitted({ method: 'scratch' }, 180)).toMatchObject({ batchSize: 128, minutes: 10 })
  const both = { method: 'deep', from, learnFrom: 'both' } as const
  expect(fitted(both, 180)).toMatchObject({ batchSize: 32, microBatchSize: 64 })
})
