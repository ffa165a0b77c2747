/** What one training step is given. */
import type { Tensors } from '../../runtime/session.js'

/** Rows start .. start + count - 1 of one side of a batch, by the tower's input names. */
export type BatchPart = (start: number, count: number) => Tensors | Promise<Tensors>

/**
 * Pairs of pictures and texts, or pictures seen twice. Parts are made when they are needed, so that a large batch need not
 * lie in memory; asked twice for the same part, they give the same numbers, augmentation included.
 */
export interface ContrastiveBatch {
  /** Pictures with or without a text. */
  readonly size: number
  /** Rows of each side where they are not `size`: views of pictures, and texts. */
  readonly rows?: Readonly<Record<'image' | 'text', number>>
  readonly image: BatchPart
  readonly text: BatchPart
  /** Pairs with the same number are positives of one another; null if each is alone. */
  readonly groups: BigInt64Array | null
  /** The same for the pictures of a batch in which each is seen twice. */
  readonly viewGroups?: BigInt64Array
}
