/** Teaching the insides of a model from the library, and how long a lesson is said to take. */
import { expect, test } from 'vitest'
import { engineWithShapes, lesson, untilRun } from '../../support/teachingEngine.js'

test('tells what it takes, learns deeply, and compares on photos it has not seen', async () => {
  const { engine, client } = await engineWithShapes(8)
  const few = await client.teach.estimate({ pairs: 72 })
  const many = await client.teach.estimate({ pairs: 7_200 })
  expect(few.quick).toBeGreaterThan(10)
  expect(many.quick).toBeGreaterThan(few.quick)
  expect(many.scratch - many.quick).toBeCloseTo(600, 6)

  const { job } = await client.teach.start({ ...lesson, method: 'deep' })
  const taught = await untilRun(engine, job, ['decide', 'failed'])
  expect(taught).toMatchObject({ state: 'decide', method: 'deep', pairs: 144 })
  expect(taught.curves.loss.length).toBeGreaterThan(1)
  expect(taught.before!.textToImage.gallerySize).toBe(taught.after!.textToImage.gallerySize)
  expect(taught.examples.length).toBeGreaterThan(0)
  const [params] = await client.jobs.list()
  expect(params).toMatchObject({ kind: 'teach', state: 'completed' })
}, 240_000)
