/** The step engine: both ways to the same gradients, updates, saved state, averages. */
import { InferenceSession } from 'onnxruntime-node'
import { afterEach, describe, expect, it, vi } from 'vitest'
import {
  type ArchitectureInput,
  architectureSchema,
} from '../../../../main/ml/clip/architecture.js'
import { buildAdapterTowers } from '../../../../main/ml/clip/builder/adapters/adapterTowers.js'
import { buildTowers } from '../../../../main/ml/clip/builder/buildTowers.js'
import type { Tensors } from '../../../../main/ml/runtime/session.js'
import { createLoss } from '../../../../main/ml/training/losses/table.js'
import { pairObjective } from '../../../../main/ml/training/objectives/pairs.js'
import { pairAndViewObjective } from '../../../../main/ml/training/objectives/pairsAndViews.js'
import { viewObjective } from '../../../../main/ml/training/objectives/views.js'
import type { ContrastiveBatch } from '../../../../main/ml/training/step/contrastiveBatch.js'
import {
  type ContrastiveStep,
  type ContrastiveStepOptions,
  createContrastiveStep,
} from '../../../../main/ml/training/step/contrastiveStep.js'
import { type LossName, lossNames, lossSpecSchema } from '../../../../shared/domain/losses.js'

const side = 8
const vocabSize = 12
const architecture = {
  image: {
    kind: 'vit',
    imageSize: side,
    patchSize: 2,
    stages: [
      { width: 8, layers: 1, heads: 2, mlpRatio: 2 },
      { width: 12, layers: 1, heads: 3, mlpRatio: 2 },
    ],
  },
  text: { vocabSize, contextLength: 8, width: 8, layers: 2, heads: 2, mlpRatio: 2 },
  embeddingDim: 6,
} satisfies ArchitectureInput

const adamw = { kind: 'adamw', beta1: 0.9, beta2: 0.98, epsilon: 1e-6, weightDecay: 0.2 } as const
const objectiveOf = (name: LossName) => pairObjective(createLoss(lossSpecSchema.parse(name)))
const defaults = {
  objective: objectiveOf('infonce'),
  optimizer: adamw,
  microBatchSize: 64,
  clipNorm: 1,
  emaDecay: 0.9,
  device: 'cpu',
  threads: 1,
} as const

const open: ContrastiveStep[] = []
afterEach(async () => {
  for (const step of open.splice(0)) await step.dispose()
})

async function createStep(
  options: Partial<ContrastiveStepOptions> = {},
  change: Partial<ArchitectureInput> = {},
): Promise<ContrastiveStep> {
  const towers = buildTowers(architectureSchema.parse({ ...architecture, ...change }), { seed: 3 })
  const step = await createContrastiveStep({ towers, ...defaults, ...options })
  open.push(step)
  return step
}

/** Pair i shows one of `kinds` patterns, and its text names the pattern. */
function makeBatch(size: number, length = 4, kinds = size): ContrastiveBatch {
  const pixels = (i: number, p: number) =>
    Math.sin((i % kinds) * 1.7 + p * (1 + (i % kinds) * 0.31))
  const token = (i: number, t: number) => {
    if (t === length - 1) return vocabSize - 1
    return Math.floor((i % kinds) / (vocabSize - 1) ** t) % (vocabSize - 1)
  }
  const per = 3 * side * side
  const image = (start: number, count: number): Tensors => {
    const value = (_: unknown, k: number) => pixels(start + Math.floor(k / per), k % per)
    const data = Float32Array.from({ length: count * per }, value)
    return { pixel_values: { type: 'float32', dims: [count, 3, side, side], data } }
  }
  const text = (start: number, count: number): Tensors => {
    const value = (_: unknown, k: number) =>
      BigInt(token(start + Math.floor(k / length), k % length))
    const data = BigInt64Array.from({ length: count * length }, value)
    const dims = [count, length]
    const ones = new BigInt64Array(count * length).fill(1n)
    return {
      input_ids: { type: 'int64', dims, data },
      attention_mask: { type: 'int64', dims, data: ones },
    }
  }
  const groups = BigInt64Array.from({ length: size }, (_, i) => BigInt(i % kinds))
  return { size, image, text, groups }
}

/** With SGD, rate 1, no momentum and no clipping, the change of the weights is the gradient. */
const plainSgd = {
  optimizer: { kind: 'sgd', momentum: 0, weightDecay: 0 },
  clipNorm: 1e9,
} as const

async function gradientOf(
  batch: ContrastiveBatch,
  options: Partial<ContrastiveStepOptions>,
): Promise<{ gradient: Float32Array; loss: number }> {
  const step = await createStep({ ...plainSgd, ...options })
  const before = step.state.parameters!.slice()
  const { loss } = await step.run(batch, 1)
  return { gradient: before.map((value, i) => value - step.state.parameters![i]!), loss }
}

function expectSameGradient(actual: Float32Array, expected: Float32Array) {
  const norm = Math.hypot(...expected)
  expect(norm).toBeGreaterThan(0.01)
  const worst = Math.max(...expected.map((value, i) => Math.abs(value - actual[i]!)))
  expect(worst).toBeLessThan(1e-5 * Math.max(1, norm))
}

describe('gradients', () => {
  it.each(lossNames)('%s is the same in one run and in parts of it', async (name) => {
    const [batch, objective] = [makeBatch(30, 4, 20), objectiveOf(name)]
    const whole = await gradientOf(batch, { objective, microBatchSize: 30 })
    const parts = await gradientOf(batch, { objective, microBatchSize: 7 })
    expect(parts.loss).toBeCloseTo(whole.loss, 5)
    expectSameGradient(parts.gradient, whole.gradient)
  })

  it.each([0, 40_000, 1e9])(
    'are the same where %d bytes of the first pass are kept',
    async (bytes) => {
      const batch = makeBatch(30, 4, 20)
      const whole = await gradientOf(batch, { microBatchSize: 30 })
      const parts = await gradientOf(batch, { microBatchSize: 7, keptBytes: bytes })
      expect(parts.loss).toBeCloseTo(whole.loss, 5)
      expectSameGradient(parts.gradient, whole.gradient)
    },
  )

  it.each([
    ['views', viewObjective(createLoss({ name: 'supcon', temperature: 0.2 })), 0],
    [
      'pairs and views',
      pairAndViewObjective(
        createLoss({ name: 'multi-positive', temperature: null }),
        createLoss({ name: 'infonce', temperature: 0.1 }),
        0.5,
      ),
      8,
    ],
  ] as const)('of %s are the same in one run and in parts of it', async (_, objective, pairs) => {
    const plain = makeBatch(40, 4, 12)
    const viewGroups = BigInt64Array.from({ length: 20 }, (_, i) => BigInt(i % 7))
    const groups = plain.groups!.slice(0, pairs)
    const rows = { image: 40, text: pairs }
    const batch: ContrastiveBatch = { ...plain, size: 20, rows, groups, viewGroups }
    const whole = await gradientOf(batch, { objective, microBatchSize: 40 })
    const parts = await gradientOf(batch, { objective, microBatchSize: 7 })
    expect(parts.loss).toBeCloseTo(whole.loss, 5)
    expectSameGradient(parts.gradient, whole.gradient)
  })

  it('of views are those of the loss between both halves of the pictures', async () => {
    const loss = createLoss({ name: 'nt-xent', temperature: 0.3 })
    const batch = { ...makeBatch(16), size: 8, rows: { image: 16, text: 0 } }
    const step = await createStep({ objective: viewObjective(loss) })
    const embeds = await step.embed('image', await batch.image(0, 16), 'current')
    const rows = Array.from({ length: 16 }, (_, i) =>
      [...(embeds!.data as Float32Array).subarray(i * 6, (i + 1) * 6)].map(
        (x, _, row) => x / Math.hypot(...row),
      ),
    )
    const logits = rows.map((a) =>
      rows.map((b) => a.reduce((sum, x, k) => sum + x * b[k]!, 0) / 0.3),
    )
    const expected = logits.reduce((sum, row, i) => {
      const others = row.reduce((total, x, j) => total + (i === j ? 0 : Math.exp(x)), 0)
      return sum + (Math.log(others) - row[(i + 8) % 16]!) / 16
    }, 0)
    expect((await step.run(batch, 0)).loss).toBeCloseTo(expected, 4)
    expect([...step.parameters.keys()].every((name) => name.startsWith('image/'))).toBe(true)
    const text = await step.embed('text', await batch.text(0, 3), 'average')
    expect(text!.dims).toEqual([3, 6])
  })

  it.each([64, 7])(
    'of several batches are averaged for one update, %i rows at a time',
    async (rows) => {
      const batches = [makeBatch(20, 4, 20), makeBatch(12, 5, 9), makeBatch(16, 4, 3)]
      const options = { microBatchSize: rows }
      const own = await Promise.all(batches.map((batch) => gradientOf(batch, options)))
      const step = await createStep({ ...plainSgd, ...options })
      const before = step.state.parameters!.slice()
      const { loss } = await step.runMean(batches, 1)
      const mean = (values: readonly number[]) => values.reduce((sum, x) => sum + x, 0) / 3
      expect(loss).toBeCloseTo(mean(own.map((one) => one.loss)), 5)
      expectSameGradient(
        before.map((value, i) => value - step.state.parameters![i]!),
        before.map((_, i) => mean(own.map(({ gradient }) => gradient[i]!))),
      )
      expect(step.state.updates).toEqual(Float32Array.of(1))
    },
  )

  it('are followed at the rate of each weight, decay included', async () => {
    const rates = new Map([
      ['projection.weight', 0.25],
      ['patch.weight', 0.5],
    ])
    const change = async (
      own: ReadonlyMap<string, number>,
      spec: ContrastiveStepOptions['optimizer'],
    ) => {
      const towers = buildTowers(architectureSchema.parse(architecture), { seed: 3 })
      const image = { ...towers.image, rates: own }
      const step = await createStep({ ...plainSgd, optimizer: spec, towers: { ...towers, image } })
      const before = new Map([...step.parameters].map(([name, values]) => [name, values.slice()]))
      await step.run(makeBatch(16), 0.5)
      return (name: string) => step.parameters.get(name)!.map((x, i) => x - before.get(name)![i]!)
    }
    for (const weightDecay of [0, 0.3]) {
      const spec = { kind: 'sgd', momentum: 0, weightDecay } as const
      const [plain, slowed] = [await change(new Map(), spec), await change(rates, spec)]
      for (const [name, rate] of [...rates, ['token_embedding', 1]] as const) {
        const key = rates.has(name) ? `image/${name}` : `text/${name}`
        const [all, part] = [plain(key), slowed(key)]
        expect(Math.hypot(...all)).toBeGreaterThan(1e-4)
        all.forEach((value, i) => {
          expect(Math.abs(part[i]! - rate * value)).toBeLessThan(2e-7)
        })
      }
    }
  })

  it('are the same for 2,048 pairs in parts of 128 and of 512', async () => {
    const batch = makeBatch(2048)
    const small = await gradientOf(batch, { microBatchSize: 128 })
    const large = await gradientOf(batch, { microBatchSize: 512 })
    expect(small.loss).toBeCloseTo(large.loss, 4)
    expectSameGradient(small.gradient, large.gradient)
  })

  it('agree with finite differences of the loss along the gradient', async () => {
    const batch = makeBatch(12)
    const { gradient } = await gradientOf(batch, {})
    const norm = Math.hypot(...gradient)
    const step = await createStep({ ...plainSgd })
    const start = step.state.parameters!.slice()
    const lossAt = async (distance: number) => {
      const moved = start.map((value, i) => value + (distance * gradient[i]!) / norm)
      step.state.parameters!.set(moved)
      return (await step.run(batch, 1e-30)).loss
    }
    const slopeOver = async (h: number) => ((await lossAt(h)) - (await lossAt(-h))) / (2 * h)
    // Richardson's extrapolation: the loss curves too much for a step above rounding errors.
    const slope = (4 * (await slopeOver(0.001)) - (await slopeOver(0.002))) / 3
    expect(Math.abs(slope / norm - 1)).toBeLessThan(0.01)
  })

  const stages = [{ width: 8, layers: 2, heads: 2 }]
  const image = architecture.image
  const variants: Record<string, Partial<ArchitectureInput>> = {
    GELU: { block: { activation: 'gelu' } },
    ReLU: { block: { activation: 'relu', linearBias: false } },
    'class token and QuickGELU': {
      image: { ...image, stages, pooling: 'cls' },
      block: { activation: 'quick-gelu' },
    },
    'convolutional stem': {
      image: { ...image, stages, patchSize: 4, stem: 'conv', stemChannels: 4 },
    },
    'MLP projection': { projection: { kind: 'mlp', hidden: 10 } },
    'both-way text': {
      text: { ...architecture.text, causal: false, pooling: 'mean', tokenWidth: 5 },
    },
  }
  it.each(Object.entries(variants))('reach every trainable weight: %s', async (_, change) => {
    const step = await createStep({ ...plainSgd }, change)
    const before = new Map([...step.parameters].map(([name, values]) => [name, values.slice()]))
    await step.run(makeBatch(12), 1)
    for (const [name, values] of step.parameters) {
      expect(values.every(Number.isFinite), name).toBe(true)
      expect(values, name).not.toEqual(before.get(name))
    }
  })
})

describe('training', () => {
  it.each([[{ microBatchSize: 64 }], [{ microBatchSize: 8 }]])(
    'learns with %o',
    async (options) => {
      const step = await createStep({ ...options, emaDecay: 0.5 })
      const batch = makeBatch(24)
      const first = await step.run(batch, 3e-3)
      for (let i = 0; i < 150; i++) await step.run(batch, 3e-3)
      const last = await step.run(batch, 3e-3)
      expect(last.loss).toBeLessThan(first.loss / 5)
      const embeds = await step.embed('image', await batch.image(0, 5), 'average')
      expect(embeds!.dims).toEqual([5, 6])
    },
  )

  it('keeps frozen token embeddings as they are', async () => {
    const text = { ...architecture.text, tokenWidth: 5, tokenEmbedding: 'frozen' as const }
    const step = await createStep({}, { text })
    expect([...step.parameters.keys()]).not.toContain('text/token_embedding')
    expect((await step.run(makeBatch(8), 1e-3)).gradientNorm).toBeGreaterThan(0)
  })

  it('trains adapters on cached features, whose inputs have one name', async () => {
    const dims = {
      head: 'linear',
      seed: 1,
      imageDim: 5,
      textDim: 5,
      logitScaleInit: Math.log(20),
    } as const
    const step = await createContrastiveStep({ ...defaults, towers: buildAdapterTowers(dims) })
    open.push(step)
    const part =
      (seed: number) =>
      (start: number, count: number): Tensors => {
        const value = (_: unknown, k: number) => Math.sin((start * 5 + k + 1) * seed)
        const data = Float32Array.from({ length: count * 5 }, value)
        return { features: { type: 'float32', dims: [count, 5], data } }
      }
    const batch = { size: 40, image: part(1.1), text: part(2.3), groups: null }
    const losses: number[] = []
    for (let i = 0; i < 60; i++) losses.push((await step.run(batch, 0.02)).loss)
    expect(losses.at(-1)).toBeLessThan(losses[0]! * 0.8)
  })

  it('clamps the logit scale to 1..100', async () => {
    const step = await createStep()
    const theta = step.parameters.get('logit_scale')!
    for (const [start, expected] of [
      [20, 100],
      [-5, 1],
    ] as const) {
      theta[0] = start
      expect((await step.run(makeBatch(8), 1e-3)).logitScale).toBeCloseTo(expected, 3)
    }
  })

  it('tells no logit scale of a loss that learns none', async () => {
    const step = await createStep({ objective: objectiveOf('triplet') })
    expect((await step.run(makeBatch(8), 1e-3)).logitScale).toBeNull()
  })

  it('runs texts of several lengths', async () => {
    const step = await createStep()
    for (const length of [3, 5, 8, 3]) {
      expect((await step.run(makeBatch(8, length), 1e-3)).loss).toBeGreaterThan(0)
    }
  })

  it('opens no session again for parts and text lengths that it has had', async () => {
    const step = await createStep({ microBatchSize: 4 })
    // The last part of each batch is smaller, and so has sessions of its own.
    const lengths = [3, 5, 8]
    for (const length of lengths) await step.run(makeBatch(10, length), 1e-3)
    const opened = vi.spyOn(InferenceSession, 'create')
    for (const length of lengths) await step.run(makeBatch(10, length), 1e-3)
    expect(opened).not.toHaveBeenCalled()
    opened.mockRestore()
  })

  it('changes nothing when the gradient is not a number', async () => {
    const step = await createStep()
    const weights = step.parameters.get('image/patch.weight')!
    weights[0] = Number.NaN
    const before = step.state.parameters!.slice()
    const { gradientNorm } = await step.run(makeBatch(8), 1e-3)
    expect(gradientNorm).toBeNaN()
    expect(step.state.parameters).toEqual(before)
  })
})

describe('state', () => {
  it('resumes bit by bit', async () => {
    const [batch, rate] = [makeBatch(16), 1e-3]
    const straight = await createStep()
    for (let i = 0; i < 3; i++) await straight.run(batch, rate)
    const saved = Object.entries(straight.state).map(([name, v]) => [name, v.slice()] as const)
    const resumed = await createStep()
    for (const [name, values] of saved) resumed.state[name]!.set(values)
    for (let i = 0; i < 3; i++) {
      expect(await resumed.run(batch, rate)).toEqual(await straight.run(batch, rate))
    }
    expect(resumed.state).toEqual(straight.state)
    expect(Object.keys(straight.state)).toContain('optimizer/second_moment')
  })

  it('averages the weights, and embeds with either', async () => {
    const step = await createStep()
    const batch = makeBatch(8)
    for (let i = 0; i < 3; i++) await step.run(batch, 1e-2)
    expect(step.emaParameters.get('logit_scale')).not.toEqual(step.parameters.get('logit_scale'))
    const texts = await batch.text(0, 3)
    const embed = (weights: 'current' | 'average') => step.embed('text', texts, weights)
    const [current, average] = [await embed('current'), await embed('average')]
    expect(current!.data).not.toEqual(average!.data)
    step.state.average!.set(step.state.parameters!)
    expect((await embed('average'))!.data).toEqual(current!.data)
  })

  it('has the current weights for the average where none is kept', async () => {
    const step = await createStep({ emaDecay: 0 })
    await step.run(makeBatch(8), 1e-2)
    expect(step.emaParameters).toEqual(step.parameters)
    expect(step.state.average).toBeUndefined()
  })
})
