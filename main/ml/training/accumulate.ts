/** Gathers batches whose gradients are averaged before one update. */
import type { BatchMining, BatchSource } from './batchSource.js'

/**
 * A source of lists of `count` batches, one list for each update. Unlike GradCache, which cuts one
 * batch into parts that are contrasted with each other, a pair is told from those of its own batch alone.
 */
export function accumulateBatches<Batch>(
  source: BatchSource<Batch>,
  count: number,
): BatchSource<readonly Batch[]> {
  const { mining } = source
  return {
    // An epoch need not be a whole number of updates.
    batchesPerEpoch: source.batchesPerEpoch / count,
    batchSize: source.batchSize * count,
    ahead: source.ahead,
    batchAt: (update) =>
      Promise.all(Array.from({ length: count }, (_, i) => source.batchAt(update * count + i))),
    ...(mining ? { mining: mineForUpdates(mining, source.ahead, count) } : {}),
  }
}

/**
 * Before update u, the batches of update u + ahead are about to be asked for the first time. Each of
 * them has its turn to mine `ahead` batches before its own, as without accumulation.
 */
function mineForUpdates(mining: BatchMining, ahead: number, count: number): BatchMining {
  return {
    async beforeStep(update, embed, signal) {
      const end = (update + ahead + 1) * count - ahead
      const start = update === 0 ? 0 : end - count
      for (let step = start; step < end; step++) await mining.beforeStep(step, embed, signal)
    },
    get state() {
      return mining.state
    },
    restore: (state) => mining.restore(state),
  }
}
