import { expect, test } from 'vitest'
import type { LessonPair } from '../../../main/tuning/collectPairs.js'
import { lessonSplit, previewLesson } from '../../../main/tuning/lessonPlan.js'
import { unpack } from '../../../shared/domain/packed.js'

const byWords = { captions: 0, tags: 0, names: 0, judgements: 0 }

function lesson(count: number, captionOf: (i: number) => string, offline = 0) {
  const pairs = Array.from({ length: count }, (_, i): LessonPair => {
    return { photoId: i + 1, image: `/p/${i}.jpg`, captions: [captionOf(i)] }
  })
  return { photos: count, pairs, byWords, offline }
}

test.each([
  [50, 0.25, 0.2],
  [100, 0.2, 0.2],
  [1_000, 0.1, 0.1],
  [100_000, 0.01, 0.01],
])('of %i pairs a share of %d is held out', (pairs, holdOut, validation) => {
  expect(lessonSplit(pairs)).toEqual({ holdOut, validation })
})

test('many different words are learned without a warning', () => {
  const preview = previewLesson(lesson(300, (i) => `thing number ${i}`))
  expect(preview).toMatchObject({ possible: true, warnings: [], pairs: 300, heldOut: 30 })
  const shown = preview.examples.map(({ photoId }) => photoId)
  expect(shown).toHaveLength(12)
  expect(Math.max(...shown)).toBeGreaterThan(270)
  expect([...unpack(preview.ids)]).toEqual(Array.from({ length: 300 }, (_, i) => i + 1))
})

test('what forbids a lesson stands first', () => {
  const same = previewLesson(lesson(300, () => 'Holiday', 7))
  expect(same.possible).toBe(false)
  expect(same.warnings[0]).toContain('same words')
  expect(same.warnings.at(-1)).toContain('7 photos')
  const few = previewLesson(lesson(19, (i) => `thing ${i}`))
  expect(few).toMatchObject({ possible: false, heldOut: 0 })
  expect(few.warnings).toHaveLength(1)
  expect(previewLesson(lesson(0, String)).warnings).toEqual([
    'There are no photos here to learn from.',
  ])
})

test('few captions for many photos are told of', () => {
  const { possible, warnings } = previewLesson(lesson(300, (i) => `album ${i % 5}`))
  expect(possible).toBe(true)
  expect(warnings).toHaveLength(1)
  expect(warnings[0]).toContain('only 5 different captions')
})
