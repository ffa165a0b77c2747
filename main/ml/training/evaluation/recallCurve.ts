/** Recall at every k up to 100. */
import { chanceAtK } from '../metrics/chance.js'
import type { Ranking } from '../metrics/ranks.js'

const farthest = 100

/** The share of queries with a relevant item among the first k, and that of a random order. */
export function recallCurve({ ranks, gallerySize }: Ranking) {
  const counts = Int32Array.from(ranks, ({ length }) => length)
  return Array.from({ length: Math.min(farthest, gallerySize) }, (_, i) => {
    const k = i + 1
    const found = ranks.filter((own) => own[0]! <= k).length
    return {
      k,
      recall: ranks.length === 0 ? 0 : found / ranks.length,
      chance: chanceAtK(gallerySize, counts, k),
    }
  })
}
