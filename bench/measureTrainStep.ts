/** Measures one case of the training step: rates, shares of the GEMM peak, memory. */
import { buildTowers } from '../main/ml/clip/builder/buildTowers.js'
import { losses } from '../main/ml/training/losses/table.js'
import { createOptimizer } from '../main/ml/training/optimizers/table.js'
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
import { randomBatch } from './randomBatch.js'
import { countStepFlops } from './stepFlops.js'
import type { TrainStepCase } from './trainStepCases.js'

/** Too small to change what is computed: a run of the benchmark must not diverge on random pairs. */
const learningRate = 1e-6

/** @param name of the case, as the row tells it; call it in a process that has done nothing else */
export async function measureTrainStep(
  name: string,
  given: TrainStepCase,
  options: CompareOptions,
): Promise<Row> {
  const { batchSize, microBatchSize, textLength, emaDecay } = given
  const architecture = await given.architecture()
  const batch = randomBatch(architecture, batchSize, textLength)
  const stepOptions: ContrastiveStepOptions = {
    towers: buildTowers(architecture, { seed: 1 }),
    loss: losses['multi-positive'],
    optimizer: { kind: 'adamw', beta1: 0.9, beta2: 0.98, epsilon: 1e-6, weightDecay: 0.1 },
    microBatchSize,
    clipNorm: 1,
    emaDecay,
    device: 'cpu',
    threads: options.threads,
  }
  const whole = await measureWholeStep(stepOptions, batch, options)
  const { loss } = stepOptions
  const parts = prepareParts(stepOptions.towers, loss)
  const flops = await countStepFlops(parts, batch, microBatchSize, loss.usesGroups)
  const passes = await measurePasses(stepOptions, batch, options)

  const seconds = medianOf(whole.rounds, (round) => round.seconds.step)
  const share = (figure: (round: (typeof passes)[number]) => number) => medianOf(passes, figure)
  return {
    pair: name,
    'parameters M': whole.parameterCount / 1e6,
    batch: batchSize,
    'micro-batch': microBatchSize,
    'text tokens': textLength,
    'GFLOP a pair': flops.total / batchSize / 1e9,
    'pairs/s': batchSize / seconds,
    'peak GFLOP/s': medianOf([...whole.rounds, ...passes], (round) => round.peak),
    'step GFLOP/s': flops.total / seconds / 1e9,
    'step / peak': medianOf(whole.rounds, ({ peak, seconds: { step } }) =>
      shareOfPeak(flops.total, step, peak),
    ),
    'forward + backward / peak': share((round) =>
      shareOfPeak(flops.total, round.seconds.gradients, round.peak),
    ),
    'forward / peak': share((round) =>
      shareOfPeak(flops.forward, round.seconds.forward, round.peak),
    ),
    'backward / peak': share(({ seconds: { gradients, forward }, peak }) =>
      shareOfPeak(flops.total - flops.forward, gradients - forward, peak),
    ),
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
    const run = () => step.run(batch, learningRate)
    for (let i = 0; i < 2; i++) await run()
    // Read before the peak is measured, which takes memory of its own.
    const memoryBytes = process.resourceUsage().maxRSS * 1024
    const parameterCount = step.state.parameters!.length
    const rounds = await compareWithPeak({ step: run }, options)
    return { rounds, memoryBytes, parameterCount }
  } finally {
    await step.dispose()
  }
}

/** Embedding the batch, and all gradients of the batch, without the update. */
async function measurePasses(
  stepOptions: ContrastiveStepOptions,
  batch: ContrastiveBatch,
  options: CompareOptions,
) {
  const { towers, loss, microBatchSize, device, threads } = stepOptions
  const optimizer = createOptimizer({ kind: 'sgd', momentum: 0, weightDecay: 0 })
  const runner: StepRunner = {
    parts: prepareParts(towers, loss),
    store: createParameterStore(towers, loss, optimizer, 0),
    sessions: createSessionCache(8),
    options: { device, threads, memoryPattern: false },
    usesGroups: loss.usesGroups,
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
