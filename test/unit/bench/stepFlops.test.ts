import { describe, expect, it } from 'vitest'
import { randomBatch } from '../../../bench/randomBatch.js'
import { countStepFlops } from '../../../bench/stepFlops.js'
import { architectureSchema } from '../../../main/ml/clip/architecture.js'
import { buildTowers } from '../../../main/ml/clip/builder/buildTowers.js'
import { multiPositive } from '../../../main/ml/training/losses/multiPositive.js'
import { pairObjective } from '../../../main/ml/training/objectives/pairs.js'
import { createActivationStore } from '../../../main/ml/training/step/activationStore.js'
import { prepareParts } from '../../../main/ml/training/step/parts.js'

/** Frozen inputs and an MLP head, a text tower without layers: products that can be counted by hand. */
const architecture = architectureSchema.parse({
  image: { kind: 'features', featureDim: [10], head: { kind: 'mlp', width: 6, hidden: 20 } },
  text: { width: 8, layers: 0, heads: 1, vocabSize: 50, contextLength: 5, pooling: 'mean' },
  embeddingDim: 4,
})
const objective = pairObjective(multiPositive({ name: 'multi-positive', temperature: null }))
const parts = prepareParts(buildTowers(architecture, { seed: 1 }), objective)
const count = (size: number, microBatchSize: number, keptBytes = 0) => {
  const activations = createActivationStore(keptBytes)
  const batch = randomBatch(architecture, size, 5)
  return countStepFlops(parts, batch, { microBatchSize, activations })
}

describe('countStepFlops', () => {
  it('counts the forward products of both towers', async () => {
    const { forward } = await count(8, 8)
    const imageProducts = 10 * 20 + 20 * 6 + 6 * 4
    const textProjection = 8 * 4
    const least = 2 * 8 * (imageProducts + textProjection)
    // Taking the mean of the words may be a product too: 5 words of width 8 for each text.
    expect(forward).toBeGreaterThanOrEqual(least)
    expect(forward).toBeLessThanOrEqual(least + 2 * 8 * 5 * 8)
  })

  it('counts each pass of GradCache: the forward pass a second time, the loss once', async () => {
    const joint = await count(8, 8)
    const cached = await count(8, 4)
    expect(cached.forward).toBe(joint.forward)
    // The backward graph drops the last product of the forward pass, whose result nothing reads.
    const second = cached.total - joint.total
    expect(second).toBeGreaterThan(0)
    expect(second).toBeLessThanOrEqual(joint.forward)
  })

  it('counts what is kept of the forward pass once', async () => {
    const [joint, cached, kept] = [await count(8, 8), await count(8, 4), await count(8, 4, 1e6)]
    expect(kept.total).toBe(joint.total)
    // One micro-batch of the pictures' hidden values is all that fits.
    const some = await count(8, 4, 1000)
    expect(some.total).toBeGreaterThan(kept.total)
    expect(some.total).toBeLessThan(cached.total)
  })

  it('refuses micro-batches that do not divide the batch', async () => {
    await expect(count(8, 3)).rejects.toThrow(RangeError)
  })
})
