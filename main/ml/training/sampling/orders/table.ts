/** The orders by the kind of sampling. A new one is one file and one line here. */
import type { TrainingSpec } from '../../../../../shared/domain/training.js'
import { balancedOrder } from './balanced.js'
import { type HardNegativeOrderOptions, hardNegativeOrder } from './hardNegatives.js'
import type { EpochOrder } from './order.js'
import { shuffledOrder } from './shuffled.js'

export interface OrderOptions {
  readonly sampling: TrainingSpec['sampling']
  /** Per item the number of its label, -1 without one. */
  readonly labels: Int32Array
  /** No larger than the number of items. */
  readonly batchSize: number
  readonly seed: number
  /** Where neighbours are to be had from, for hard negatives. */
  readonly neighboursAt: HardNegativeOrderOptions['neighboursAt']
}

export function createOrder({ sampling, ...options }: OrderOptions): EpochOrder {
  switch (sampling.kind) {
    case 'shuffled':
      return shuffledOrder(options.labels.length, options.seed)
    case 'balanced':
      return balancedOrder({ ...options, perLabel: sampling.perLabel })
    case 'hard-negatives':
      return hardNegativeOrder({
        ...options,
        itemCount: options.labels.length,
        share: sampling.share,
      })
  }
}
