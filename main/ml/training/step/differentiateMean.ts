/** Averages the gradients of several batches. */
import type { ContrastiveBatch } from './contrastiveBatch.js'

/**
 * Leaves the mean of the batches' gradients in `gradients`, into which `differentiate` writes those of
 * one. Returns the mean of their losses.
 */
export async function differentiateMean(
  batches: readonly ContrastiveBatch[],
  gradients: Float32Array,
  differentiate: (batch: ContrastiveBatch) => Promise<number>,
): Promise<number> {
  const [first, ...others] = batches
  let loss = await differentiate(first!)
  if (others.length === 0) return loss
  const sum = gradients.slice()
  for (const batch of others) {
    loss += await differentiate(batch)
    for (let i = 0; i < sum.length; i++) sum[i]! += gradients[i]!
  }
  for (let i = 0; i < sum.length; i++) gradients[i] = sum[i]! / batches.length
  return loss / batches.length
}
