import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bootstrapIntervals } from '../../../../main/ml/training/metrics/bootstrap.js'
import { chanceAtK } from '../../../../main/ml/training/metrics/chance.js'
import { evaluateRetrieval } from '../../../../main/ml/training/metrics/retrieval.js'
import { rankMetrics } from '../../../../main/ml/training/metrics/table.js'
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

describe('rank metrics', () => {
  it('follow their definitions', () => {
    const ranks = Int32Array.of(1, 2, 5, 11)
    expect(rankMetrics.recallAt1(ranks)).toBe(0.25)
    expect(rankMetrics.recallAt5(ranks)).toBe(0.75)
    expect(rankMetrics.recallAt10(ranks)).toBe(0.75)
    expect(rankMetrics.mrr(ranks)).toBeCloseTo((1 + 1 / 2 + 1 / 5 + 1 / 11) / 4, 12)
    expect(rankMetrics.medianRank(ranks)).toBe(3.5)
    expect(rankMetrics.medianRank(Int32Array.of(9, 1, 100))).toBe(9)
    expect(rankMetrics.meanRank(ranks)).toBe(4.75)
    expect(rankMetrics.mrr(new Int32Array())).toBe(0)
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
  it('has the width that theory gives for a share', () => {
    const ranks = Int32Array.from({ length: 400 }, (_, i) => (i < 100 ? 1 : 50))
    const [low, high] = bootstrapIntervals(ranks, createRandom(1), 2000).recallAt1
    const halfWidth = 1.96 * Math.sqrt((0.25 * 0.75) / 400)
    expect(low).toBeCloseTo(0.25 - halfWidth, 1)
    expect((high - low) / (2 * halfWidth)).toBeGreaterThan(0.85)
    expect((high - low) / (2 * halfWidth)).toBeLessThan(1.15)
  })
})
