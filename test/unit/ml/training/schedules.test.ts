/** What each schedule makes of the learning rate. */
import { expect, test } from 'vitest'
import { schedules } from '../../../../main/ml/training/schedules/table.js'

test.each([
  ['constant', 0.6, 1],
  ['cosine', 0.6, 0.5],
  ['cosine', 1, 0],
  ['linear', 0.2, 1],
  ['linear', 0.6, 0.5],
  ['linear', 0.8, 0.25],
  ['linear', 1, 0],
  ['linear', 1.5, 0],
] as const)('%s at %d after a warm-up of a fifth', (name, progress, factor) => {
  expect(schedules[name](progress, 0.2)).toBeCloseTo(factor, 12)
})

test.each(Object.keys(schedules) as (keyof typeof schedules)[])('%s rises first', (name) => {
  expect(schedules[name](0.05, 0.2)).toBeCloseTo(0.25, 12)
  expect(schedules[name](0, 0)).toBe(1)
})
