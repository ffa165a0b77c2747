/** What the towers are fed for the items of a batch. */
import type { BatchPart } from '../step/contrastiveBatch.js'

/**
 * The image tower's inputs for items, in that order; the same for the same items, epoch and views.
 * Without `views` it is the first view of each.
 */
export type ImageInputs = (
  items: Int32Array,
  epoch: number,
  views?: Uint8Array,
) => Promise<BatchPart>

/** The text tower's inputs for captions, given by their numbers in the caption table. */
export type TextInputs = (captions: Int32Array) => BatchPart
