/** From an encoder's rows of numbers to things with names and boxes. */
import { expect, test } from 'vitest'
import { decodeObjects, overlapOf } from '../../../../../main/ml/clip/objects/decodeObjects.js'

const declared = { classes: ['person', 'dog', 'horse'], minScore: 0.4 }
const decode = (...rows: readonly (readonly number[])[]) =>
  decodeObjects(Float32Array.from(rows.flat()), declared, 'vision.onnx')
const named = (...rows: readonly (readonly number[])[]) => decode(...rows).map(({ name }) => name)

test('finds are told by their class, those that are sure enough', () => {
  const [first, ...rest] = decode([0.25, 0.5, 0.75, 1, 0.5, 1], [0, 0, 1, 1, 0.375, 0])
  expect(first).toEqual({
    name: 'dog',
    score: 0.5,
    box: { left: 0.25, top: 0.5, right: 0.75, bottom: 1 },
  })
  expect(rest).toEqual([])
})

test('beside one that is surely there, others of its class may be less sure', () => {
  const at = (left: number, score: number, number: number) => [
    left,
    0,
    left + 0.1,
    1,
    score,
    number,
  ]
  expect(named(at(0, 0.5, 1), at(0.2, 0.39, 1), at(0.4, 0.39, 0), at(0.6, 0.37, 1))).toEqual([
    'dog',
    'dog',
  ])
  expect(named(at(0, 0.39, 1), at(0.2, 0.38, 1))).toEqual([])
  // Not so little as three quarters of the best would be where all are sure.
  expect(named(at(0, 0.9, 1), at(0.2, 0.42, 1))).toEqual(['dog', 'dog'])
})

test('boxes stay inside the picture, and those without an area or of no numbers are dropped', () => {
  expect(decode([-0.5, -1, 0.5, 2, 0.75, 0])[0]!.box).toEqual({
    left: 0,
    top: 0,
    right: 0.5,
    bottom: 1,
  })
  expect(named([0.5, 0, 0.5, 1, 0.9, 0], [0.75, 0, 0.25, 1, 0.9, 0])).toEqual([])
  expect(named([Number.NaN, 0, 1, 1, 0.9, 0], [0, 0, 1, 1, Number.NaN, 0])).toEqual([])
})

test('one thing found twice counts once; two things beside each other count twice', () => {
  const whole = [0, 0, 1, 1]
  const nearlyWhole = [0, 0, 1, 0.75]
  expect(named([...whole, 0.9, 1], [...nearlyWhole, 0.8, 1])).toEqual(['dog'])
  expect(named([0, 0, 0.5, 1, 0.9, 1], [0.5, 0, 1, 1, 0.8, 1])).toEqual(['dog', 'dog'])
  // A rider's box and the horse's share much; what could be either class shares nearly all.
  expect(named([...whole, 0.9, 2], [...nearlyWhole, 0.8, 0])).toEqual(['horse', 'person'])
  expect(named([...whole, 0.9, 2], [0, 0, 1, 0.9, 0.8, 1])).toEqual(['horse'])
})

test('overlap is what two boxes share of what they cover together', () => {
  const left = { left: 0, top: 0, right: 0.5, bottom: 1 }
  const middle = { left: 0.25, top: 0, right: 0.75, bottom: 1 }
  expect(overlapOf(left, middle)).toBeCloseTo(1 / 3, 6)
  expect(overlapOf(left, { ...middle, left: 0.5 })).toBe(0)
  expect(overlapOf(left, left)).toBe(1)
})

test('a class without a name is told as the model file that is wrong', () => {
  for (const number of [3, -1, 0.5]) {
    expect(() => decode([0, 0, 1, 1, 0.9, number])).toThrow(
      expect.objectContaining({ code: 'MODEL_INVALID' }),
    )
  }
})
