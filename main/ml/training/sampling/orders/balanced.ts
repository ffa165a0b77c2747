/** Labels in equal parts, however many pictures each has: P x K sampling (Hermans et al. 2017). */
import { AppError } from '../../../../../shared/errors.js'
import { createRandom, type Random, shuffledIndices } from '../../random.js'
import { type EpochOrder, orderStream } from './order.js'

export interface BalancedOrderOptions {
  /** Per item the number of its label, -1 without one; those without are a label together. */
  readonly labels: Int32Array
  readonly batchSize: number
  /** Items of a label that come together. */
  readonly perLabel: number
  readonly seed: number
}

/**
 * As many batches an epoch as the items fill. Labels come in turn, each with its next `perLabel`
 * items; the items of a small label come several times an epoch, but not twice in a batch.
 *
 * @throws AppError INVALID_ARGUMENT where there are fewer than two labels
 */
export function balancedOrder(options: BalancedOrderOptions): EpochOrder {
  const { labels, batchSize, perLabel, seed } = options
  const groups = groupItems(labels)
  if (new Set(labels.filter((label) => label >= 0)).size < 2) {
    throw new AppError('INVALID_ARGUMENT', {
      argument: '--balanced',
      problem:
        'the pictures have fewer than two labels; give a label column in captions.csv, or --labels folders',
    })
  }
  const length = Math.floor(labels.length / batchSize) * batchSize
  return (epoch) => {
    const random = createRandom(seed, orderStream, epoch)
    const queues = groups.map((items) => cycle(items, random))
    const order = new Int32Array(length)
    const turns = cycle(Int32Array.from(groups.keys()), random)
    for (let start = 0; start < length; start += batchSize) {
      fillBatch(order.subarray(start, start + batchSize), queues, turns, perLabel)
    }
    return order
  }
}

function groupItems(labels: Int32Array): Int32Array[] {
  const groups = new Map<number, number[]>()
  labels.forEach((label, item) => {
    const known = groups.get(label)
    if (known) known.push(item)
    else groups.set(label, [item])
  })
  return [...groups.values()].map((items) => Int32Array.from(items))
}

/** Items again and again, shuffled anew each time. */
interface Cycle {
  readonly size: number
  next(): number
}

function cycle(items: Int32Array, random: Random): Cycle {
  let order = new Int32Array()
  let at = 0
  return {
    size: items.length,
    next() {
      if (at === order.length) {
        order = shuffledIndices(items.length, random).map((i) => items[i]!)
        at = 0
      }
      return order[at++]!
    },
  }
}

/** There are at least as many items as places, so labels with items left are always found. */
function fillBatch(
  batch: Int32Array,
  queues: readonly Cycle[],
  turns: Cycle,
  perLabel: number,
): void {
  const taken = new Set<number>()
  while (taken.size < batch.length) {
    const queue = queues[turns.next()]!
    const wanted = Math.min(taken.size + perLabel, batch.length)
    // Twice through the label's items at most, as a new shuffle may begin with those just taken.
    for (let tries = 0; tries < 2 * queue.size && taken.size < wanted; tries++) {
      const item = queue.next()
      if (taken.has(item)) continue
      batch[taken.size] = item
      taken.add(item)
    }
  }
}
