import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bootstrapIntervals } from '../../../../main/ml/training/metrics/bootstrap.js'
import { chanceAtK } from '../../../../main/ml/training/metrics/chance.js'
import { nearestLabelAccuracy } from '../../../../main/ml/training/metrics/nearestLabel.js'
import { rankRelevant } from '../../../../main/ml/training/metrics/ranks.js'
import { evaluateRetrieval } from '../../../../main/ml/training/metrics/retrieval.js'
import {
  type RankMetricName,
  rankMetricNames,
  rankMetrics,
  scoreQueries,
} from '../../../../main/ml/training/metrics/table.js'
import { createRandom, shuffledIndices } from '../../../../main/ml/training/random.js'

function matrix(rows: readonly (readonly number[])[]) {
  return { rows: rows.length, dim: rows[0]!.length, data: Float32Array.from(rows.flat()) }
}

/** The definition, item by item in float64. */
function plainRank(query: readonly number[], gallery: readonly number[][], relevant: number[]) {
  const cosine = (a: readonly number[], b: readonly number[]) => {
    const dot = a.reduce((sum, value, i) => sum + value * b[i]!, 0)
    return dot / (Math.hypot(...a) * Math.hypot(...b))
  }
  const scores = gallery.map((item) => cosine(query, item))
  const best = Math.max(...relevant.map((item) => scores[item]!))
  return 1 + scores.filter((s, i) => !relevant.includes(i) && s >= best - 1e-6).length
}

/** Rankings in which each query has one relevant item, at the given rank. */
const single = (...ranks: number[]) => ranks.map((rank) => Int32Array.of(rank))

function figure(name: RankMetricName, ranks: readonly Int32Array[]): number {
  const once = new Float64Array(ranks.length).fill(1)
  return rankMetrics[name].over(scoreQueries(name, ranks))(once)
}

describe('rank metrics', () => {
  it('follow their definitions', () => {
    const ranks = single(1, 2, 5, 11)
    expect(figure('recallAt1', ranks)).toBe(0.25)
    expect(figure('recallAt5', ranks)).toBe(0.75)
    expect(figure('recallAt10', ranks)).toBe(0.75)
    expect(figure('mrr', ranks)).toBeCloseTo((1 + 1 / 2 + 1 / 5 + 1 / 11) / 4, 12)
    expect(figure('medianRank', ranks)).toBe(3.5)
    expect(figure('medianRank', single(9, 1, 100))).toBe(9)
    expect(figure('meanRank', ranks)).toBe(4.75)
    for (const name of rankMetricNames) expect(figure(name, []), name).toBe(0)
  })

  it('count every relevant item where there are several', () => {
    const ranks = [Int32Array.of(1, 3, 12)]
    expect(figure('mrr', ranks)).toBe(1)
    expect(figure('meanAveragePrecision', ranks)).toBeCloseTo((1 + 2 / 3 + 3 / 12) / 3, 12)
    const ideal = 1 + 1 / Math.log2(3) + 1 / Math.log2(4)
    expect(figure('ndcgAt10', ranks)).toBeCloseTo((1 + 1 / Math.log2(4)) / ideal, 12)
    // With more relevant items than places, a list full of them is perfect.
    const many = [Int32Array.from({ length: 30 }, (_, i) => i + 1)]
    expect(figure('ndcgAt10', many)).toBeCloseTo(1, 12)
    expect(figure('meanAveragePrecision', many)).toBeCloseTo(1, 12)
  })
})

describe('rankRelevant', () => {
  it('ranks all relevant items, none of them counting against another, and ties against', async () => {
    const gallery = matrix([[1], [0.9], [0.8], [0.8], [0.7], [0.1]])
    const ranking = await rankRelevant(matrix([[1]]), gallery, [[5, 1, 3]])
    // Before the second stands one other; before the fourth that one and its equal.
    expect(ranking.ranks.map((ranks) => [...ranks])).toEqual([[2, 4, 6]])
    expect([...ranking.first]).toEqual([0])
    expect(ranking.gallerySize).toBe(6)
  })

  it('agrees with counting one by one', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 2, maxLength: 12 }),
        fc.integer({ min: 1, max: 4095 }),
        async (scores, chosen) => {
          const relevant = scores.flatMap((_, i) => ((chosen >> i) & 1 ? [i] : []))
          fc.pre(relevant.length > 0)
          const own = relevant.map((i) => scores[i]!).sort((a, b) => b - a)
          const others = scores.filter((_, i) => !relevant.includes(i))
          const ranks = own.map((score, j) => 1 + j + others.filter((one) => one >= score).length)
          const gallery = matrix(scores.map((score) => [score]))
          const ranking = await rankRelevant(matrix([[1]]), gallery, [relevant])
          expect([...ranking.ranks[0]!]).toEqual(ranks)
        },
      ),
      { numRuns: 50 },
    )
  })
})

describe('evaluateRetrieval', () => {
  it('counts ties against and treats all of a picture’s captions as right', async () => {
    const images = matrix([
      [1, 0],
      [1, 0],
      [0, 2],
    ])
    const texts = matrix([
      [3, 0],
      [0, 1],
    ])
    const report = await evaluateRetrieval(images, texts, [[0], [0], [1]])
    expect(report.textToImage.recallAt1).toBe(1)
    expect(report.textToImage.gallerySize).toBe(3)
    expect(report.imageToText).toMatchObject({ queries: 3, gallerySize: 2, meanRank: 1 })

    const twins = await evaluateRetrieval(images, texts, [[0], [], [1]])
    // The second picture looks just like the right one.
    expect(twins.textToImage.meanRank).toBe(1.5)
    expect(twins.imageToText.queries).toBe(2)
  })

  it('gives embeddings that are not numbers the last place', async () => {
    const nan = Number.NaN
    const images = matrix([
      [nan, nan],
      [1, 0],
      [0, 1],
    ])
    const texts = matrix([
      [1, 1],
      [1, 0],
      [nan, nan],
    ])
    const { textToImage, imageToText } = await evaluateRetrieval(images, texts, [[0], [1], [2]])
    // The text whose picture is not a number, and the one that is none itself, find nothing.
    expect(textToImage.meanRank).toBeCloseTo((3 + 2 + 3) / 3, 9)
    expect(imageToText.recallAt1).toBe(0)
  })

  it('agrees with the plain definition over many blocks', async () => {
    const random = createRandom(5)
    const rows = (count: number) =>
      Array.from({ length: count }, () => Array.from({ length: 6 }, () => random.between(-1, 1)))
    const images = rows(300)
    const texts = rows(40)
    const textsOfImage = images.map(() => [random.integer(40)])
    const report = await evaluateRetrieval(matrix(images), matrix(texts), textsOfImage)
    const ranks = images.map((image, i) => plainRank(image, texts, textsOfImage[i]!))
    const mean = ranks.reduce((sum, rank) => sum + rank, 0) / ranks.length
    expect(report.imageToText.meanRank).toBeCloseTo(mean, 9)
    const { recallAt5, intervals } = report.imageToText
    expect(intervals.recallAt5[0]).toBeLessThan(recallAt5)
    expect(intervals.recallAt5[1]).toBeGreaterThan(recallAt5)
  })

  it('takes a gallery of 5,000 in seconds', async () => {
    const random = createRandom(6)
    const count = 5000
    const data = Float32Array.from({ length: count * 256 }, () => random.between(-1, 1))
    const embeddings = { rows: count, dim: 256, data }
    const startMs = performance.now()
    const own = Array.from({ length: count }, (_, i) => [i])
    const report = await evaluateRetrieval(embeddings, embeddings, own)
    expect(report.textToImage.recallAt1).toBe(1)
    expect(performance.now() - startMs).toBeLessThan(20_000)
  })
})

describe('chance', () => {
  it('is what shuffled galleries reach', () => {
    const random = createRandom(7)
    let hits = 0
    const trials = 20_000
    for (let trial = 0; trial < trials; trial++) {
      const order = shuffledIndices(30, random)
      if (order.subarray(0, 5).some((item) => item < 3)) hits++
    }
    expect(chanceAtK(30, Int32Array.of(3), 5)).toBeCloseTo(hits / trials, 1)
    expect(chanceAtK(30, Int32Array.of(3), 5)).toBeCloseTo(
      1 - (27 * 26 * 25 * 24 * 23) / (30 * 29 * 28 * 27 * 26),
      12,
    )
  })

  it('is certain where all is relevant or the list is the gallery', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }), (n, k) => {
        expect(chanceAtK(n, Int32Array.of(n), k)).toBe(1)
        expect(chanceAtK(n, Int32Array.of(1), k)).toBeCloseTo(Math.min(1, k / n), 9)
      }),
    )
  })
})

describe('bootstrapIntervals', () => {
  const ranks = single(...Array.from({ length: 400 }, (_, i) => (i < 100 ? 1 : 50)))
  const width = ([low, high]: readonly [number, number]) => high - low

  it('has the width that theory gives for a share', () => {
    const apart = Int32Array.from(ranks.keys())
    const { recallAt1 } = bootstrapIntervals(ranks, apart, createRandom(1), 2000)
    const halfWidth = 1.96 * Math.sqrt((0.25 * 0.75) / 400)
    expect(recallAt1[0]).toBeCloseTo(0.25 - halfWidth, 1)
    expect(width(recallAt1) / (2 * halfWidth)).toBeGreaterThan(0.85)
    expect(width(recallAt1) / (2 * halfWidth)).toBeLessThan(1.15)
  })

  it('is wider where queries come in groups that fare alike', () => {
    const fours = Int32Array.from(ranks.keys(), (i) => Math.floor(i / 4))
    const { recallAt1 } = bootstrapIntervals(ranks, fours, createRandom(1), 2000)
    const halfWidth = 1.96 * Math.sqrt((0.25 * 0.75) / 100)
    expect(width(recallAt1) / (2 * halfWidth)).toBeGreaterThan(0.85)
    expect(width(recallAt1) / (2 * halfWidth)).toBeLessThan(1.15)
  })
})

describe('the accuracy of the nearest label', () => {
  it('leaves out the picture itself and labels that only it has; ties count against', () => {
    const rows = [
      [1, 0],
      [0.8, 0.6],
      [0, 1],
      [0.6, 0.8],
      [-1, 0],
      [1, 0],
    ]
    const labels = ['a', 'a', 'b', 'b', 'alone', undefined]
    // The second and the fourth are nearest to each other.
    expect(nearestLabelAccuracy(matrix(rows), labels)).toEqual({
      pictures: 4,
      accuracy: 0.5,
      chance: 1 / 3,
    })
    const equal = [rows[0]!, rows[0]!, rows[0]!, rows[0]!]
    expect(nearestLabelAccuracy(matrix(equal), ['a', 'a', 'b', 'b'])!.accuracy).toBe(0)
  })

  it('needs two labels', () => {
    expect(nearestLabelAccuracy(matrix([[1], [1], [1]]), ['a', 'a', 'b'])).toBeNull()
  })
})
