/** In which order the items of a data set come: what an epoch's batches are cut from. */

/**
 * The items of an epoch, one batch after the other; always the same for the same epoch. No item
 * comes twice in a batch.
 */
export type EpochOrder = (epoch: number) => Int32Array

/** Keeps the random choices of orders apart from others'. */
export const orderStream = 1
