/** Classification of labelled pictures: class figures, nearest class, logistic regression, splits. */
import { describe, expect, it } from 'vitest'
import {
  averagePrompts,
  labelPrompts,
} from '../../../../main/ml/training/evaluation/labelPrompts.js'
import { probeLinearly } from '../../../../main/ml/training/evaluation/linearProbe.js'
import { splitForProbe } from '../../../../main/ml/training/evaluation/probeSplit.js'
import { reportClasses } from '../../../../main/ml/training/metrics/labels/classMetrics.js'
import {
  classScores,
  openRegression,
} from '../../../../main/ml/training/metrics/labels/logisticRegression.js'
import { minimise } from '../../../../main/ml/training/metrics/labels/minimise.js'
import {
  chooseAgainst,
  nearestClass,
} from '../../../../main/ml/training/metrics/labels/nearestClass.js'
import { createRandom } from '../../../../main/ml/training/random.js'

function matrix(rows: readonly (readonly number[])[]) {
  return { rows: rows.length, dim: rows[0]!.length, data: Float32Array.from(rows.flat()) }
}

describe('reportClasses', () => {
  it('tells accuracy, and precision and recall of each class', () => {
    const report = reportClasses({
      labels: ['bird', 'cat', 'dog', 'unseen'],
      truth: Int32Array.of(0, 0, 0, 0, 1, 1, 2),
      predicted: Int32Array.of(0, 0, 1, 1, 1, 0, 3),
      clusters: Int32Array.of(0, 1, 2, 3, 4, 5, 6),
    })
    expect(report).toMatchObject({ pictures: 7, classes: 4, accuracy: 3 / 7, largestClass: 4 / 7 })
    expect(report.meanRecall).toBeCloseTo((1 / 2 + 1 / 2 + 0) / 3, 12)
    expect(report.perClass).toEqual([
      { label: 'bird', pictures: 4, precision: 2 / 3, recall: 0.5 },
      { label: 'cat', pictures: 2, precision: 1 / 3, recall: 0.5 },
      { label: 'dog', pictures: 1, precision: null, recall: 0 },
    ])
    expect(report.confusions).toEqual([
      { label: 'bird', taken: 'cat', pictures: 2 },
      { label: 'cat', taken: 'bird', pictures: 1 },
      { label: 'dog', taken: 'unseen', pictures: 1 },
    ])
    expect(report.interval[0]).toBeLessThan(report.accuracy)
    expect(report.interval[1]).toBeGreaterThan(report.accuracy)
  })
})

describe('nearestClass', () => {
  it('lets ties and what is no number count against', () => {
    expect(chooseAgainst([0.5, 0.5, 0.1], 0)).toBe(1)
    expect(chooseAgainst([0.6, 0.5, 0.1], 0)).toBe(0)
    expect(chooseAgainst([0.5, 0.6, 0.9], 0)).toBe(2)
    expect(chooseAgainst([Number.NaN, 0.1], 0)).toBe(1)
    const classes = matrix([
      [1, 0],
      [0, 1],
    ])
    const images = matrix([
      [0.8, 0.6],
      [0.8, 0.6],
      [Math.SQRT1_2, Math.SQRT1_2],
    ])
    expect([...nearestClass(images, classes, Int32Array.of(0, 1, 1))]).toEqual([0, 0, 0])
  })

  it('takes the mean of a label’s sentences', () => {
    const prompts = labelPrompts(['dog', '$& cat'])
    expect(prompts).toContain('a photo of a dog')
    expect(prompts).toContain('a photo of a $& cat')
    const half = prompts.length / 2
    const rows = prompts.map((_, i) => (i < half ? [1, i % 2] : [0, 3]))
    const { data, rows: count } = averagePrompts(matrix(rows))
    expect(count).toBe(2)
    expect(Math.hypot(data[0]!, data[1]!)).toBeCloseTo(1, 6)
    expect([...data.subarray(2)]).toEqual([0, 1])
  })
})

describe('minimise', () => {
  it('finds the minimum of a badly scaled bowl', async () => {
    const scales = [1, 30, 900]
    const goal = [3, -2, 0.5]
    const found = await minimise(
      (x) =>
        Promise.resolve({
          value: scales.reduce((sum, scale, i) => sum + (scale / 2) * (x[i]! - goal[i]!) ** 2, 0),
          gradient: x.map((value, i) => scales[i]! * (value - goal[i]!)),
        }),
      new Float64Array(3),
    )
    goal.forEach((value, i) => {
      expect(found[i]).toBeCloseTo(value, 4)
    })
  })
})

describe('logistic regression', () => {
  const random = createRandom(8)
  const count = 90
  const truth = Int32Array.from({ length: count }, (_, i) => i % 3)
  const features = matrix(
    [...truth].map((own) =>
      Array.from({ length: 5 }, (_, k) => (k === own ? 1 : 0) + random.between(-0.9, 0.9)),
    ),
  )

  /** Mean cross-entropy plus the penalty, in float64 by its definition. */
  function lossOf(weights: Float64Array, bias: Float64Array, l2: number): number {
    let loss = 0
    for (let row = 0; row < count; row++) {
      const scores = classScores({ weights, bias }, features, row)
      const top = Math.max(...scores)
      const sum = scores.reduce((total, score) => total + Math.exp(score - top), 0)
      loss -= (scores[truth[row]!]! - top - Math.log(sum)) / count
    }
    return loss + (l2 / 2) * weights.reduce((sum, value) => sum + value ** 2, 0)
  }

  it('ends where no weight can be moved for the better', async () => {
    const l2 = 0.05
    const fitter = await openRegression(features, truth, 3)
    try {
      const { weights, bias } = await fitter.fit(l2)
      for (const values of [weights, bias]) {
        for (let i = 0; i < values.length; i++) {
          const at = values[i]!
          const epsilon = 1e-4
          values[i] = at + epsilon
          const above = lossOf(weights, bias, l2)
          values[i] = at - epsilon
          const below = lossOf(weights, bias, l2)
          values[i] = at
          expect(Math.abs((above - below) / (2 * epsilon))).toBeLessThan(1e-4)
        }
      }
    } finally {
      await fitter.dispose()
    }
  })

  it('classifies what it has not seen, with a penalty chosen on some', async () => {
    const split = splitForProbe({ truth, clusters: Int32Array.from(truth.keys()) })
    const { predicted, l2 } = await probeLinearly(features, truth, 3, split)
    const right = split.test.filter((row, i) => predicted[i] === truth[row]).length
    expect(right / split.test.length).toBeGreaterThan(0.7)
    expect(l2).toBeLessThanOrEqual(1)
    expect(await probeLinearly(features, truth, 3, split)).toEqual({ predicted, l2 })
  })

  it('learns nothing from labels that mean nothing', async () => {
    const random = createRandom(9)
    const nothing = Int32Array.from(truth, () => random.integer(3))
    const split = splitForProbe({ truth: nothing, clusters: Int32Array.from(truth.keys()) })
    const { predicted } = await probeLinearly(features, nothing, 3, split)
    const right = split.test.filter((row, i) => predicted[i] === nothing[row]).length
    expect(right / split.test.length).toBeLessThan(0.65)
  })
})

describe('splitForProbe', () => {
  const truth = Int32Array.from({ length: 200 }, (_, i) => i % 4)
  const clusters = truth.map((_, i) => Math.floor(i / 8))

  it('never parts linked pictures and takes a share of each label', () => {
    const { train, validation, test } = splitForProbe({ truth, clusters })
    expect([...train, ...validation, ...test].sort((a, b) => a - b)).toEqual([...truth.keys()])
    const groups = [train, validation, test].map((part) => new Set(part.map((i) => clusters[i])))
    expect(groups.reduce((sum, { size }) => sum + size, 0)).toBe(new Set(clusters).size)
    const alone = splitForProbe({ truth, clusters: Int32Array.from(truth.keys()) })
    for (let label = 0; label < 4; label++) {
      expect(alone.test.filter((i) => truth[i] === label)).toHaveLength(15)
      expect(alone.validation.filter((i) => truth[i] === label)).toHaveLength(10)
    }
  })

  it('asks nothing of labels that it had nothing to learn from', () => {
    const lonely = Int32Array.from(truth, (own, i) => (i < 8 ? 4 : own))
    const { train, validation, test } = splitForProbe({ truth: lonely, clusters })
    const trained = new Set(train.map((i) => lonely[i]))
    for (const i of [...validation, ...test]) expect(trained.has(lonely[i])).toBe(true)
  })
})
