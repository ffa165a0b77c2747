/** Near neighbours of different meaning, and batches made of them. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRandom } from '../../../../main/ml/training/random.js'
import { createMiner } from '../../../../main/ml/training/sampling/miner.js'
import {
  findNeighbours,
  type NeighbourTable,
} from '../../../../main/ml/training/sampling/neighbours.js'
import { hardNegativeOrder } from '../../../../main/ml/training/sampling/orders/hardNegatives.js'

const { signal } = new AbortController()

describe('findNeighbours', () => {
  const [count, dim] = [300, 12]
  const random = createRandom(4)
  const data = Float32Array.from({ length: count * dim }, () => random.between(-1, 1))
  const group = (item: number) => item % 40
  const meansSame = (a: number, b: number) => group(a) === group(b)

  const cosine = (a: number, b: number) => {
    const row = (item: number) => data.subarray(item * dim, (item + 1) * dim)
    const dot = row(a).reduce((sum, x, k) => sum + x * row(b)[k]!, 0)
    return dot / Math.hypot(...row(a)) / Math.hypot(...row(b))
  }

  it('finds the nearest that mean something else, the same each time', async () => {
    const table = await findNeighbours({ dim, data }, meansSame, signal)
    expect(await findNeighbours({ dim, data }, meansSame, signal)).toEqual(table)
    const { perItem, items } = table!
    let found = 0
    for (let item = 0; item < count; item++) {
      const others = Array.from({ length: count }, (_, other) => other)
        .filter((other) => !meansSame(item, other))
        .sort((a, b) => cosine(item, b) - cosine(item, a))
      const own = [...items.subarray(item * perItem, (item + 1) * perItem)]
      expect(own.some((other) => meansSame(item, other))).toBe(false)
      found += own.filter((other) => others.slice(0, perItem).includes(other)).length
    }
    expect(found / (count * perItem)).toBeGreaterThan(0.95)
  })

  it('leaves places empty where too few mean something else', async () => {
    const few = { dim, data: data.slice(0, 4 * dim) }
    const { perItem, items } = (await findNeighbours(few, (a, b) => a < 3 === b < 3, signal))!
    expect([...items.subarray(0, 2)]).toEqual([3, -1])
    expect([...items.subarray(3 * perItem, 3 * perItem + 4)].sort()).toEqual([-1, 0, 1, 2])
  })

  it('stops when it is aborted', async () => {
    const aborted = AbortSignal.abort()
    expect(await findNeighbours({ dim, data }, meansSame, aborted)).toBeNull()
  })
})

/** Items in a circle, each with the next three as neighbours. */
function circle(itemCount: number): NeighbourTable {
  const perItem = 3
  const neighbour = (_: unknown, i: number) =>
    (Math.floor(i / perItem) + 1 + (i % perItem)) % itemCount
  return { perItem, items: Int32Array.from({ length: itemCount * perItem }, neighbour) }
}

describe('hardNegativeOrder', () => {
  it('shows every item once, whatever the shares', () => {
    const sizes = fc.integer({ min: 2, max: 80 })
    const shares = fc.double({ min: 0.05, max: 0.9, noNaN: true })
    fc.assert(
      fc.property(sizes, sizes, shares, fc.integer(), (itemCount, wanted, share, seed) => {
        const batchSize = Math.min(wanted, itemCount)
        const neighboursAt = () => circle(itemCount)
        const order = hardNegativeOrder({ itemCount, batchSize, share, seed, neighboursAt })
        expect([...order(2)].sort((a, b) => a - b)).toEqual([...Array(itemCount).keys()])
        expect(order(2)).toEqual(order(2))
      }),
    )
  })

  it('fills the share with neighbours of the rest, nearest first', () => {
    const options = { itemCount: 400, batchSize: 20, share: 0.5, seed: 1 }
    const order = hardNegativeOrder({ ...options, neighboursAt: () => circle(400) })(0)
    const [seeds, hard] = [order.slice(0, 10), order.slice(10, 20)]
    const near = new Set([...seeds].map((seed) => (seed + 1) % 400))
    expect(hard.filter((item) => near.has(item)).length).toBeGreaterThan(7)
    const unmined = hardNegativeOrder({ ...options, neighboursAt: () => null })(0)
    expect(unmined.slice(10, 20).filter((item) => near.has(item)).length).toBeLessThan(3)
  })
})

describe('createMiner', () => {
  const mine = (mark: number) => async () => ({ perItem: 1, items: Int32Array.of(mark, -1) })
  const marksOf = (miner: ReturnType<typeof createMiner>, epochs: readonly number[]) =>
    epochs.map((epoch) => miner.neighboursAt(epoch)?.items[0] ?? null)

  it('mines at the start, and then for epochs whose first batch is asked for next', async () => {
    const miner = createMiner(60, 2)
    expect(miner.neighboursAt(0)).toBeNull()
    const mined: number[] = []
    for (let step = 0; step < 300; step++) {
      await miner.beforeStep(step, () => {
        mined.push(step)
        return mine(step)()
      })
    }
    // Every second epoch of 60 steps, two batches ahead.
    expect(mined).toEqual([0, 118, 238])
    expect(marksOf(miner, [1, 2, 3, 4, 9])).toEqual([null, 118, 118, 238, 238])
  })

  it('goes on with the same tables', async () => {
    const miner = createMiner(200, 1)
    for (const step of [0, 199]) await miner.beforeStep(step, mine(step))
    const resumed = createMiner(200, 1)
    resumed.restore(JSON.parse(JSON.stringify(miner.state)))
    expect(marksOf(resumed, [0, 1])).toEqual([0, 199])
  })

  it('keeps what it has when it is aborted', async () => {
    const miner = createMiner(200, 1)
    await miner.beforeStep(0, mine(7))
    await miner.beforeStep(199, async () => null)
    expect(marksOf(miner, [0, 1])).toEqual([7, 7])
  })
})
