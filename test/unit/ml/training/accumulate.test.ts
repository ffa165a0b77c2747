/** Batches gathered for updates, and what is mined before them. */
import { expect, test } from 'vitest'
import { accumulateBatches } from '../../../../main/ml/training/accumulate.js'
import { type BatchSource, prefetch } from '../../../../main/ml/training/batchSource.js'
import { createMiner } from '../../../../main/ml/training/sampling/miner.js'

function numbers(mining?: BatchSource<number>['mining']): BatchSource<number> {
  const plain = { batchesPerEpoch: 5, batchSize: 4, ahead: 1, batchAt: async (n: number) => n }
  return mining ? { ...plain, mining } : plain
}

test('each update gets the next batches, and epochs stay as long as they were', async () => {
  const source = accumulateBatches(numbers(), 3)
  expect(source).toMatchObject({ batchSize: 12, batchesPerEpoch: 5 / 3, ahead: 1 })
  const updates = prefetch(source, 1)
  expect((await updates.next()).value).toEqual([3, 4, 5])
  expect((await updates.next()).value).toEqual([6, 7, 8])
  await updates.return(undefined as never)
})

test.each([1, 2, 3, 7])('%i at a time, all is mined before it is asked for', async (count) => {
  const table = { perItem: 1, items: new Int32Array(1) }
  const batchesPerEpoch = 50
  const miner = createMiner(batchesPerEpoch, 1)
  /** Epochs for which there was a table when a batch of theirs was made. */
  const asked: { step: number; mined: boolean }[] = []
  let minings = 0
  const source: BatchSource<number> = {
    ...numbers({
      beforeStep: (step) =>
        miner.beforeStep(step, async () => {
          minings++
          return table
        }),
      state: null,
      restore() {},
    }),
    batchesPerEpoch,
    batchAt: async (step) => {
      const epoch = Math.floor(step / batchesPerEpoch)
      const mined = (miner.state as { fromEpoch: number }[]).some(
        ({ fromEpoch }) => fromEpoch === epoch - (epoch % 2),
      )
      asked.push({ step, mined })
      return step
    },
  }
  const gathered = accumulateBatches(source, count)
  const updates = prefetch(gathered, 0)
  for (let update = 0; update * count < 210; update++) {
    await gathered.mining!.beforeStep(
      update,
      async () => ({}) as never,
      new AbortController().signal,
    )
    await updates.next()
  }
  await updates.return(undefined as never)
  expect(asked.filter(({ mined }) => !mined)).toEqual([])
  expect(asked.map(({ step }) => step)).toEqual(asked.map((_, i) => i))
  expect(minings).toBe(3)
})
