/** Mean average precision (mAP): the precision at the place of each relevant item, over all of them. */
import { mean, type RankMetric } from './rankMetric.js'

export const meanAveragePrecision: RankMetric = {
  ofQuery(ranks) {
    let sum = 0
    for (const [i, rank] of ranks.entries()) sum += (i + 1) / rank
    return sum / ranks.length
  },
  over: mean,
}
