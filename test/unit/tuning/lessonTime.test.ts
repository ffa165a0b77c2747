/** What a lesson takes, and what it is asked for. */
import { expect, test } from 'vitest'
import { estimateLesson } from '../../../main/tuning/lessonTime.js'
import { teachSpec } from '../../../main/tuning/teachSpec.js'

test('adjusting takes one look at each photo and a start, learning from nothing its minutes too', () => {
  const few = estimateLesson(200, 0.025)
  expect(few.quick).toBeCloseTo(10 + 1.5 * 200 * 0.025, 6)
  expect(few.scratch - few.quick).toBeCloseTo(600, 6)
  // On a machine that is twice as fast, the photos take half the time.
  expect(estimateLesson(200, 0.0125).quick - 10).toBeCloseTo((few.quick - 10) / 2, 6)
})

test('a deep lesson begins from the model in use, and chooses by photos of its own', () => {
  const spec = teachSpec({
    method: 'deep',
    from: '/m',
    minutes: null,
    pairs: 200,
    device: 'webgpu',
  })
  expect(spec).toMatchObject({ method: 'deep', from: '/m', device: 'webgpu', batchSize: 32 })
  expect(spec).toMatchObject({ holdOut: 0.1, validation: 0.1, epochs: 60 })
  const limited = teachSpec({ method: 'deep', from: '/m', minutes: 3, pairs: 200, device: 'cpu' })
  expect(limited).toMatchObject({ epochs: null, minutes: 3, batchSize: 32 })
})
