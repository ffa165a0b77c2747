/** Which pairs make up which batch: passes over the data in some order, decided by the seed alone. */
import { AppError } from '../../../../shared/errors.js'
import { createRandom } from '../random.js'
import type { EpochOrder } from './orders/order.js'
import { shuffledOrder } from './orders/shuffled.js'

/** The pairs of one batch; `captions[i]` counts within the captions of `items[i]`. */
interface Picks {
  readonly epoch: number
  readonly items: Int32Array
  readonly captions: Int32Array
}

/** Cuts passes over the items into batches of one size. */
export interface PairSampler {
  readonly batchSize: number
  readonly batchesPerEpoch: number
  /** The pairs of step `step`, counted from 0 over all epochs. */
  picksAt(step: number): Picks
}

/**
 * A sampler over items of which item i has `captionCounts[i]` captions, one of which comes with it.
 * What is left over after the last full batch of a shuffled epoch is other items each time.
 *
 * @param order of the items by epoch; shuffled if not given
 * @param batchSize cut to the number of items
 */
export function createPairSampler(
  captionCounts: ArrayLike<number>,
  batchSize: number,
  seed: number,
  order: EpochOrder = shuffledOrder(captionCounts.length, seed),
): PairSampler {
  const itemCount = captionCounts.length
  if (itemCount < 2) {
    throw new AppError('INVALID_ARGUMENT', {
      argument: 'pairs',
      problem: 'at least two readable pictures with words are needed to train',
    })
  }
  const size = fitBatchSize(batchSize, itemCount)
  const batchesPerEpoch = Math.floor(itemCount / size)
  let ordered: { epoch: number; items: Int32Array } = { epoch: -1, items: new Int32Array() }

  return {
    batchSize: size,
    batchesPerEpoch,
    picksAt(step) {
      const epoch = Math.floor(step / batchesPerEpoch)
      if (ordered.epoch !== epoch) ordered = { epoch, items: order(epoch) }
      const start = (step % batchesPerEpoch) * size
      const items = ordered.items.slice(start, start + size)
      const captions = items.map((item) =>
        createRandom(seed, captionStream, epoch, item).integer(captionCounts[item]!),
      )
      return { epoch, items, captions }
    },
  }
}

/** A batch is never larger than the data. */
export function fitBatchSize(batchSize: number, itemCount: number): number {
  return Math.min(batchSize, itemCount)
}

/** Keeps the choice of captions apart from other random choices. */
const captionStream = 2
