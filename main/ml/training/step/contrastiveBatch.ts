/** What one training step is given. */
import type { Tensors } from '../../runtime/session.js'

/** Pairs start .. start + count - 1 of a batch, by the tower's input names. */
export type BatchPart = (start: number, count: number) => Tensors | Promise<Tensors>

/**
 * Pairs of pictures and texts. Parts are made when they are needed, so that a large batch need not
 * lie in memory; asked twice for the same part, they give the same numbers, augmentation included.
 */
export interface ContrastiveBatch {
  readonly size: number
  readonly image: BatchPart
  readonly text: BatchPart
  /** Pairs with the same number are positives of one another; null if each is alone. */
  readonly groups: BigInt64Array | null
}
