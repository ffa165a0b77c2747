/** Normalised discounted cumulative gain of the first k (Järvelin and Kekäläinen 2002), gains 0 or 1. */
import { mean, type RankMetric } from './rankMetric.js'

export function ndcgAtK(k: number): RankMetric {
  return {
    ofQuery(ranks) {
      let [gain, ideal] = [0, 0]
      for (const [i, rank] of ranks.entries()) {
        if (rank <= k) gain += discount(rank)
        if (i < k) ideal += discount(i + 1)
      }
      return gain / ideal
    },
    over: mean,
  }
}

function discount(rank: number): number {
  return 1 / Math.log2(1 + rank)
}
