/** Training on the graphics device: the same gradients and the same course as on the CPU. */
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { architectureSchema } from '../../../../main/ml/clip/architecture.js'
import { buildTowers } from '../../../../main/ml/clip/builder/buildTowers.js'
import { createLoss } from '../../../../main/ml/training/losses/table.js'
import { pairObjective } from '../../../../main/ml/training/objectives/pairs.js'
import type { ContrastiveBatch } from '../../../../main/ml/training/step/contrastiveBatch.js'
import {
  type ContrastiveStep,
  createContrastiveStep,
} from '../../../../main/ml/training/step/contrastiveStep.js'
import { lossSpecSchema } from '../../../../shared/domain/losses.js'
import { hasSoftwareVulkan, useSoftwareVulkan } from '../../../support/softwareVulkan.js'

const [side, vocabSize, length] = [8, 12, 4]
const architecture = architectureSchema.parse({
  image: {
    kind: 'vit',
    imageSize: side,
    patchSize: 2,
    stages: [
      { width: 8, layers: 1, heads: 2, mlpRatio: 2 },
      { width: 12, layers: 1, heads: 3, mlpRatio: 2 },
    ],
  },
  text: { vocabSize, contextLength: 8, width: 8, layers: 1, heads: 2, mlpRatio: 2 },
  embeddingDim: 6,
})
const objective = pairObjective(createLoss(lossSpecSchema.parse('infonce')))
const sgd = { kind: 'sgd', momentum: 0, weightDecay: 0 } as const
const adamw = { kind: 'adamw', beta1: 0.9, beta2: 0.98, epsilon: 1e-6, weightDecay: 0.2 } as const

const open: ContrastiveStep[] = []
afterEach(async () => {
  for (const step of open.splice(0)) await step.dispose()
})

/** The same untrained towers on both devices. */
async function createBoth(
  options: { optimizer: typeof sgd | typeof adamw } & { microBatchSize: number; clipNorm: number },
): Promise<Record<'cpu' | 'webgpu', ContrastiveStep>> {
  const create = async (device: 'cpu' | 'webgpu') => {
    const towers = buildTowers(architecture, { seed: 3 })
    const fixed = { towers, objective, emaDecay: 0.9, threads: 1 }
    const step = await createContrastiveStep({ ...fixed, ...options, device })
    open.push(step)
    expect(step.device).toBe(device)
    return step
  }
  return { cpu: await create('cpu'), webgpu: await create('webgpu') }
}

function makeBatch(size: number, phase: number): ContrastiveBatch {
  const pixels = 3 * side * side
  return {
    size,
    groups: null,
    image(start, count) {
      const value = (_: unknown, k: number) => Math.sin(phase + (start * pixels + k) * 0.37)
      const data = Float32Array.from({ length: count * pixels }, value)
      return { pixel_values: { type: 'float32', dims: [count, 3, side, side], data } }
    },
    text(start, count) {
      const dims = [count, length]
      const token = (_: unknown, k: number) =>
        k % length === length - 1 ? vocabSize - 1 : (start * length + k * 7) % (vocabSize - 1)
      const data = BigInt64Array.from({ length: count * length }, (_, k) => BigInt(token(_, k)))
      const ones = new BigInt64Array(count * length).fill(1n)
      return {
        input_ids: { type: 'int64', dims, data },
        attention_mask: { type: 'int64', dims, data: ones },
      }
    },
  }
}

describe.skipIf(!hasSoftwareVulkan)('training on the graphics device', () => {
  beforeAll(useSoftwareVulkan)

  it.each([
    ['at once', 6],
    ['by GradCache', 4],
  ])('gives the same gradients %s', async (_, microBatchSize) => {
    // With SGD, rate 1, no momentum and no clipping, the change of the weights is the gradient.
    const steps = await createBoth({ optimizer: sgd, microBatchSize, clipNorm: 1e9 })
    const batch = makeBatch(6, 0)
    const gradients = { cpu: new Float32Array(), webgpu: new Float32Array() }
    for (const device of ['cpu', 'webgpu'] as const) {
      const before = steps[device].state.parameters!.slice()
      await steps[device].run(batch, 1)
      gradients[device] = before.map((value, i) => value - steps[device].state.parameters![i]!)
    }
    const norm = Math.hypot(...gradients.cpu)
    expect(norm).toBeGreaterThan(0.1)
    expect(worstDifference(gradients.webgpu, gradients.cpu)).toBeLessThan(1e-5 * norm)
  })

  it('takes the same course over several updates', async () => {
    const { cpu, webgpu } = await createBoth({ optimizer: adamw, microBatchSize: 8, clipNorm: 1 })
    const start = cpu.state.parameters!.slice()
    for (let update = 0; update < 5; update++) {
      const batch = makeBatch(8, update)
      const [expected, actual] = [await cpu.run(batch, 1e-3), await webgpu.run(batch, 1e-3)]
      expect(actual.loss).toBeCloseTo(expected.loss, 4)
      expect(actual.gradientNorm / expected.gradientNorm).toBeCloseTo(1, 4)
    }
    for (const [name, expected] of Object.entries(cpu.state)) {
      const scale = Math.max(1, ...expected.map(Math.abs))
      expect(worstDifference(webgpu.state[name]!, expected), name).toBeLessThan(2e-5 * scale)
    }
    expect(worstDifference(start, cpu.state.parameters!)).toBeGreaterThan(1e-3)
  })
})

function worstDifference(actual: Float32Array, expected: Float32Array): number {
  return expected.reduce((worst, value, i) => Math.max(worst, Math.abs(value - actual[i]!)), 0)
}
