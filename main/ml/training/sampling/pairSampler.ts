/** Which pairs make up which batch: shuffled passes over the data, decided by the seed alone. */
import { AppError } from '../../../../shared/errors.js'
import { createRandom, shuffledIndices } from '../random.js'

/** The pairs of one batch; `captions[i]` counts within the captions of `items[i]`. */
interface Picks {
  readonly epoch: number
  readonly items: Int32Array
  readonly captions: Int32Array
}

/** Cuts shuffled passes over the items into batches of one size. */
export interface PairSampler {
  readonly batchSize: number
  readonly batchesPerEpoch: number
  /** The pairs of step `step`, counted from 0 over all epochs. */
  picksAt(step: number): Picks
}

/**
 * A sampler over items of which item i has `captionCounts[i]` captions. Each item comes at most once
 * per epoch, with one of its captions; what is left over after the last full batch of an epoch is
 * other items each time. A batch is never larger than the data.
 */
export function createPairSampler(
  captionCounts: ArrayLike<number>,
  batchSize: number,
  seed: number,
): PairSampler {
  const itemCount = captionCounts.length
  if (itemCount < 2) {
    throw new AppError('INVALID_ARGUMENT', {
      argument: 'pairs',
      problem: 'at least two readable pictures with words are needed to train',
    })
  }
  const size = Math.min(batchSize, itemCount)
  const batchesPerEpoch = Math.floor(itemCount / size)
  let shuffled: { epoch: number; order: Int32Array } = { epoch: -1, order: new Int32Array() }

  return {
    batchSize: size,
    batchesPerEpoch,
    picksAt(step) {
      const epoch = Math.floor(step / batchesPerEpoch)
      if (shuffled.epoch !== epoch) {
        shuffled = {
          epoch,
          order: shuffledIndices(itemCount, createRandom(seed, streams.order, epoch)),
        }
      }
      const start = (step % batchesPerEpoch) * size
      const items = shuffled.order.slice(start, start + size)
      const captions = items.map((item) =>
        createRandom(seed, streams.caption, epoch, item).integer(captionCounts[item]!),
      )
      return { epoch, items, captions }
    },
  }
}

/** Keeps the random choices of different kinds apart. */
const streams = { order: 1, caption: 2 } as const
