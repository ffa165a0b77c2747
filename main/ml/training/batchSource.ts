/** Where the training loop takes its batches from, and how it has them made ahead of time. */

import type { Tensors } from '../runtime/session.js'

/** A data set cut into batches. */
export interface BatchSource<Batch> {
  /** Batches in one pass over the data. */
  readonly batchesPerEpoch: number
  /** Pairs in each batch. */
  readonly batchSize: number
  /** How many batches to prepare while one is trained on. */
  readonly ahead: number
  /**
   * The batch of step `step`, counted from 0 over all epochs. The same step always gives the same
   * batch: this is what makes a resumed run equal to an unbroken one.
   */
  batchAt(step: number): Promise<Batch>
  /** What makes batches by what is learned; absent where the step alone decides them. */
  readonly mining?: BatchMining
}

/** Finds out which items belong in a batch together. */
export interface BatchMining {
  /** Called before the batch of step `step` is taken; does nothing most of the time. */
  beforeStep(step: number, embed: EmbedImages, signal: AbortSignal): Promise<void>
  /** JSON for a checkpoint: with it, a resumed run gets the same batches. */
  readonly state: unknown
  restore(state: unknown): void
}

/** Embeddings [rows, dim] of inputs of the image tower. */
export type EmbedImages = (inputs: Tensors) => Promise<Tensors[string]>

/** The batches from step `first` on, endlessly, up to `source.ahead` of them being made meanwhile. */
export async function* prefetch<Batch>(
  source: BatchSource<Batch>,
  first: number,
): AsyncGenerator<Batch, never> {
  const pending: Promise<Batch>[] = []
  for (let step = first; ; ) {
    while (pending.length <= source.ahead) {
      const batch = source.batchAt(step++)
      // A failure is met where the batch is awaited; until then it must not end the process.
      batch.catch(() => {})
      pending.push(batch)
    }
    yield await pending.shift()!
  }
}
