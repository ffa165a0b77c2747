/** The optimizers' graphs against the papers' formulas in float64. */
import { describe, expect, it } from 'vitest'
import { clipFactor, measureNorm } from '../../../../main/ml/training/optimizers/gradientNorm.js'
import type { Optimizer } from '../../../../main/ml/training/optimizers/optimizer.js'
import { createOptimizer } from '../../../../main/ml/training/optimizers/table.js'
import { warmedDecay } from '../../../../main/ml/training/optimizers/weightAverage.js'
import { createUpdater } from '../../../../main/ml/training/step/updater.js'

/** Longer than two of the updater's chunks, so that their borders are crossed. */
const length = 600_011
const decayedLength = 300_000
const updates = 5
const learningRate = 0.01
const emaDecay = 0.5
const gradientScale = 0.7

const initial = (i: number) => Math.sin(i)
const gradientOf = (i: number, update: number) => Math.cos(i * 0.37 + update) * 0.1

async function train(optimizer: Optimizer) {
  const parameters = Float32Array.from({ length }, (_, i) => initial(i))
  const state = Object.fromEntries(optimizer.state.map((n) => [n, new Float32Array(length)]))
  const arrays = {
    parameters,
    gradients: new Float32Array(length),
    state,
    average: parameters.slice(),
  }
  const ranges = [
    { end: decayedLength, decayed: true, rate: 1 },
    { end: length, decayed: false, rate: 1 },
  ]
  const settings = { ranges, emaDecay }
  const updater = await createUpdater(optimizer, arrays, settings, { device: 'cpu', threads: 1 })
  for (let update = 1; update <= updates; update++) {
    for (let i = 0; i < length; i++) arrays.gradients[i] = gradientOf(i, update)
    await updater.apply({ update, learningRate, gradientScale })
  }
  await updater.dispose()
  return arrays
}

/** Parameters and averages at `samples` by `step`, which returns the next parameter. */
function expectLike(
  { parameters, average }: { parameters: Float32Array; average: Float32Array },
  createStep: (i: number) => (p: number, g: number, update: number) => number,
) {
  for (let i = 0; i < length; i += 997) {
    const step = createStep(i)
    let [p, ema] = [initial(i), initial(i)]
    for (let update = 1; update <= updates; update++) {
      p = step(p, Math.fround(gradientOf(i, update)) * gradientScale, update)
      ema += (1 - warmedDecay(emaDecay, update)) * (p - ema)
    }
    expect(Math.abs(parameters[i]! - p)).toBeLessThan(2e-6)
    expect(Math.abs(average[i]! - ema)).toBeLessThan(2e-6)
  }
}

describe('AdamW', () => {
  it('follows the paper, decaying only the decayed range', async () => {
    const spec = { beta1: 0.9, beta2: 0.98, epsilon: 1e-6, weightDecay: 0.2 }
    const arrays = await train(createOptimizer({ kind: 'adamw', ...spec }))
    expectLike(arrays, (i) => {
      let [m, v] = [0, 0]
      return (p, g, t) => {
        m = spec.beta1 * m + (1 - spec.beta1) * g
        v = spec.beta2 * v + (1 - spec.beta2) * g * g
        const [mHat, vHat] = [m / (1 - spec.beta1 ** t), v / (1 - spec.beta2 ** t)]
        const decay = i < decayedLength ? spec.weightDecay : 0
        return p - learningRate * (mHat / (Math.sqrt(vHat) + spec.epsilon) + decay * p)
      }
    })
  })
})

describe('SGD', () => {
  it('carries its momentum', async () => {
    const spec = { momentum: 0.9, weightDecay: 0.1 }
    const arrays = await train(createOptimizer({ kind: 'sgd', ...spec }))
    expectLike(arrays, (i) => {
      let velocity = 0
      return (p, g) => {
        velocity = spec.momentum * velocity + g
        const decay = i < decayedLength ? spec.weightDecay : 0
        return p - learningRate * (velocity + decay * p)
      }
    })
  })
})

describe('Lion', () => {
  it('steps by the sign of its mixture', async () => {
    const spec = { beta1: 0.9, beta2: 0.99, weightDecay: 0.5 }
    const arrays = await train(createOptimizer({ kind: 'lion', ...spec }))
    expectLike(arrays, (i) => {
      let m = 0
      return (p, g) => {
        const mixed = spec.beta1 * m + (1 - spec.beta1) * g
        m = spec.beta2 * m + (1 - spec.beta2) * g
        const decay = i < decayedLength ? spec.weightDecay : 0
        return p - learningRate * (Math.sign(mixed) + decay * p)
      }
    })
  })
})

describe('gradient clipping', () => {
  it('measures the norm of any length', () => {
    for (const size of [0, 1, 3, 4, 7, 1001]) {
      const values = Float32Array.from({ length: size }, (_, i) => Math.sin(i + 1))
      expect(measureNorm(values)).toBeCloseTo(Math.hypot(...values), 9)
    }
    expect(measureNorm(Float32Array.of(1, Number.NaN))).toBeNaN()
  })

  it('shortens only what is too long', () => {
    expect(clipFactor(0.5, 1)).toBe(1)
    expect(clipFactor(4, 1)).toBe(0.25)
  })
})
