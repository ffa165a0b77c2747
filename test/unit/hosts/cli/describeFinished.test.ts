/** The closing lines of `semblance train`. */
import { expect, test } from 'vitest'
import { describeFinished } from '../../../../main/hosts/cli/output/describeFinished.js'
import type { RetrievalReport, TriedBlend } from '../../../../shared/domain/training.js'

function report(recallAt1: number): RetrievalReport {
  const interval: [number, number] = [0, 1]
  const names = ['recallAt1', 'recallAt5', 'recallAt10', 'mrr', 'medianRank', 'meanRank'] as const
  const intervals = Object.fromEntries(names.map((name) => [name, interval])) as Record<
    (typeof names)[number],
    [number, number]
  >
  const chance = { chanceAt1: 0.01, chanceAt5: 0.05, chanceAt10: 0.1 }
  const recall = { recallAt1, recallAt5: 0.4, recallAt10: 0.5, mrr: 0.3 }
  const graded = { meanAveragePrecision: null, ndcgAt10: null }
  const sizes = { queries: 10, gallerySize: 10, medianRank: 2, meanRank: 3 }
  const metrics = {
    ...recall,
    ...graded,
    ...chance,
    ...sizes,
    intervals: { ...intervals, ...graded },
  }
  return { textToImage: metrics, imageToText: { ...metrics, recallAt1: recallAt1 / 2 } }
}

function tried(blend: number, recallAt1: number): TriedBlend {
  const rates = { recallAt1, recallAt5: 0, recallAt10: 0, mrr: 0 }
  return { blend, textToImage: rates, imageToText: rates }
}

const finished = {
  type: 'finished',
  step: 150,
  seconds: 61,
  modelPath: '/out',
  modelId: 'id',
  before: report(0.2),
  heldOut: report(0.4),
  pictures: null,
  search: null,
  blend: 0.55,
  blends: [tried(0, 0.25), tried(0.55, 0.5), tried(1, 0.3)],
} as const

test('tells the share that was taken, what each did, and the figures before and after', () => {
  const text = describeFinished({ ...finished, blends: [...finished.blends] })
  expect(text).toContain('Took 55 % of what was learned')
  expect(text.split('\n').filter((line) => line.endsWith('taken'))).toEqual([
    expect.stringMatching(/^55 % +50\.0 %/),
  ])
  expect(text).toContain('text → picture R@1 20.0 % → 40.0 %, R@10 50.0 % → 50.0 %')
  expect(text).toContain('picture → text R@1 10.0 % → 20.0 %')
  expect(text).toContain('Before, on held-out pictures:')
})

test('says that the model is kept as it was, and when a share was given', () => {
  expect(describeFinished({ ...finished, blend: 0, blends: [tried(0, 0.2)] })).toContain(
    'Kept the model as it was',
  )
  const given = describeFinished({ ...finished, blend: 0.5, blends: [] })
  expect(given).toContain('Took 50 % of what was learned.')
  const scratch = { ...finished, blend: null, blends: [], before: null }
  expect(describeFinished(scratch)).not.toMatch(/Took|Kept|→ after/)
})
