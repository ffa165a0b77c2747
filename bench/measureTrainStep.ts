/** Measures one case of the training step: rates, shares of the GEMM peak, memory. */
import { createLoss } from '../main/ml/training/losses/table.js'
import { pairObjective } from '../main/ml/training/objectives/pairs.js'
import { createOptimizer } from '../main/ml/training/optimizers/table.js'
import { createActivationStore } from '../main/ml/training/step/activationStore.js'
import type { ContrastiveBatch } from '../main/ml/training/step/contrastiveBatch.js'
import {
  type ContrastiveStepOptions,
  createContrastiveStep,
} from '../main/ml/training/step/contrastiveStep.js'
import { createParameterStore } from '../main/ml/training/step/parameterStore.js'
import { prepareParts, sides } from '../main/ml/training/step/parts.js'
import { runCached } from '../main/ml/training/step/runCached.js'
import { runJoint } from '../main/ml/training/step/runJoint.js'
import { createSessionCache } from '../main/ml/training/step/sessionCache.js'
import { prefixInputs, runForward, type StepRunner } from '../main/ml/training/step/stepRunner.js'
import type { Row } from './benchmark.js'
import { type CompareOptions, compareWithPeak, medianOf, shareOfPeak } from './compareWithPeak.js'
import { countStepFlops, type StepFlops } from './stepFlops.js'
import type { TrainStepCase } from './trainStepCases.js'

/** Too small to change what is computed: a run of the benchmark must not diverge on random pairs. */
const learningRate = 1e-6

/** One case, as a process of its own is asked to measure it. */
export interface TrainStepRequest {
  readonly name: string
  readonly options: CompareOptions
  /** Whether forward and backward passes are also measured apart. */
  readonly passes: boolean
}

/** Call it in a process that has done nothing else: its memory is told. */
export async function measureTrainStep(
  make: TrainStepCase,
  { name, options, passes }: TrainStepRequest,
): Promise<Row> {
  const pair = await make()
  const { towers, batch, microBatchSize, textLength, emaDecay } = pair
  const stepOptions: ContrastiveStepOptions = {
    towers,
    objective: pairObjective(createLoss({ name: 'multi-positive', temperature: null })),
    optimizer: { kind: 'adamw', beta1: 0.9, beta2: 0.98, epsilon: 1e-6, weightDecay: 0.1 },
    microBatchSize,
    clipNorm: 1,
    emaDecay,
    device: 'cpu',
    threads: options.threads,
  }
  const whole = await measureWholeStep(stepOptions, batch, options)
  const parts = prepareParts(towers, stepOptions.objective)
  const activations = createActivationStore(whole.keptBytes)
  const flops = await countStepFlops(parts, batch, { microBatchSize, activations })
  const seconds = medianOf(whole.rounds, (round) => round.seconds.step)
  return {
    pair: name,
    'parameters M': whole.parameterCount / 1e6,
    batch: batch.size,
    'micro-batch': microBatchSize,
    'text tokens': textLength,
    'GFLOP a pair': flops.total / batch.size / 1e9,
    'pairs/s': batch.size / seconds,
    'peak GFLOP/s': medianOf(whole.rounds, (round) => round.peak),
    'step GFLOP/s': flops.total / seconds / 1e9,
    'step / peak': medianOf(whole.rounds, ({ peak, seconds: { step } }) =>
      shareOfPeak(flops.total, step, peak),
    ),
    ...(passes ? await describePasses(stepOptions, batch, whole.keptBytes, flops, options) : {}),
    'memory MB': Math.round(whole.memoryBytes / 1e6),
  }
}

async function measureWholeStep(
  stepOptions: ContrastiveStepOptions,
  batch: ContrastiveBatch,
  options: CompareOptions,
) {
  const step = await createContrastiveStep(stepOptions)
  try {
    const rounds = await compareWithPeak({ step: () => step.run(batch, learningRate) }, options)
    const memoryBytes = process.resourceUsage().maxRSS * 1024
    const parameterCount = step.state.parameters!.length
    return { rounds, memoryBytes, parameterCount, keptBytes: step.keptBytes }
  } finally {
    await step.dispose()
  }
}

async function describePasses(
  stepOptions: ContrastiveStepOptions,
  batch: ContrastiveBatch,
  keptBytes: number,
  flops: StepFlops,
  options: CompareOptions,
): Promise<Row> {
  const passes = await measurePasses(stepOptions, batch, keptBytes, options)
  const share = (figure: (round: (typeof passes)[number]) => number) => medianOf(passes, figure)
  return {
    'forward + backward / peak': share((round) =>
      shareOfPeak(flops.total, round.seconds.gradients, round.peak),
    ),
    'forward / peak': share((round) =>
      shareOfPeak(flops.forward, round.seconds.forward, round.peak),
    ),
    'backward / peak': share(({ seconds: { gradients, forward }, peak }) =>
      shareOfPeak(flops.total - flops.forward, gradients - forward, peak),
    ),
  }
}

/** Embedding the batch, and all gradients of the batch, without the update. */
async function measurePasses(
  stepOptions: ContrastiveStepOptions,
  batch: ContrastiveBatch,
  keptBytes: number,
  options: CompareOptions,
) {
  const { towers, objective, microBatchSize, device, threads } = stepOptions
  const optimizer = createOptimizer({ kind: 'sgd', momentum: 0, weightDecay: 0 })
  const runner: StepRunner = {
    parts: prepareParts(towers, objective),
    store: createParameterStore(towers, objective, optimizer, 0),
    sessions: createSessionCache(8),
    options: { device, threads, memoryPattern: false },
    activations: createActivationStore(keptBytes),
    halves: new Map(),
  }
  const gradients = () =>
    batch.size <= microBatchSize
      ? runJoint(runner, batch)
      : runCached(runner, batch, microBatchSize)
  try {
    return await compareWithPeak(
      { forward: () => embedBatch(runner, batch, microBatchSize), gradients },
      options,
    )
  } finally {
    await runner.sessions.dispose()
  }
}

async function embedBatch(
  runner: StepRunner,
  batch: ContrastiveBatch,
  microBatchSize: number,
): Promise<void> {
  for (const side of sides) {
    for (let start = 0; start < batch.size; start += microBatchSize) {
      const inputs = await batch[side](start, Math.min(microBatchSize, batch.size - start))
      await runForward(runner, side, prefixInputs(runner.parts[side], inputs), runner.store.values)
    }
  }
}
