/** Batches that hold pictures near each other, so that telling them apart teaches something. */
import { createRandom, shuffledIndices } from '../../random.js'
import type { NeighbourTable } from '../neighbours.js'
import { type EpochOrder, orderStream } from './order.js'

export interface HardNegativeOrderOptions {
  readonly itemCount: number
  readonly batchSize: number
  /** Share of a batch that is filled with neighbours of the others. */
  readonly share: number
  readonly seed: number
  /** The neighbours known for an epoch; null as long as there are none. */
  readonly neighboursAt: (epoch: number) => NeighbourTable | null
}

/**
 * Every item once an epoch. A batch begins with items in random order and goes on with neighbours of
 * those, nearest first, as far as the epoch has not used them.
 */
export function hardNegativeOrder(options: HardNegativeOrderOptions): EpochOrder {
  const { itemCount, batchSize, share, seed, neighboursAt } = options
  const seeds = batchSize - Math.round(batchSize * share)
  return (epoch) => {
    const shuffled = shuffledIndices(itemCount, createRandom(seed, orderStream, epoch))
    const neighbours = neighboursAt(epoch)
    if (neighbours === null) return shuffled
    const order = new Int32Array(itemCount)
    const used = new Uint8Array(itemCount)
    let filled = 0
    let next = 0
    const take = (item: number) => {
      order[filled++] = item
      used[item] = 1
    }
    const takeShuffled = (end: number) => {
      for (; filled < end; next++) if (!used[shuffled[next]!]) take(shuffled[next]!)
    }
    while (filled < itemCount) {
      const start = filled
      const end = Math.min(start + batchSize, itemCount)
      takeShuffled(Math.min(start + seeds, end))
      for (const item of neighboursOf(order.slice(start, filled), neighbours)) {
        if (filled === end) break
        if (!used[item]) take(item)
      }
      takeShuffled(end)
    }
    return order
  }
}

/** The nearest of each, then the second of each, and so on. */
function* neighboursOf(seeds: Int32Array, { perItem, items }: NeighbourTable): Generator<number> {
  for (let rank = 0; rank < perItem; rank++) {
    for (const seed of seeds) {
      const item = items[seed * perItem + rank]!
      if (item >= 0) yield item
    }
  }
}
