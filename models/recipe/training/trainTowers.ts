/** Trains the starter's two towers on stored features by the project's own loop. */
import type { Architecture } from '../../../main/ml/clip/architecture.js'
import { buildTowers, type Towers } from '../../../main/ml/clip/builder/buildTowers.js'
import { schedules } from '../../../main/ml/training/schedules/table.js'
import {
  type ContrastiveStep,
  createContrastiveStep,
} from '../../../main/ml/training/step/contrastiveStep.js'
import { runContrastiveTraining } from '../../../main/ml/training/trainLoop.js'
import type { TrainingEvent } from '../../../shared/domain/training.js'
import type { FeatureReader } from '../features/featureStore.js'
import { createFeatureBatches } from './batches.js'
import type { Dataset } from './dataset.js'
import { meaningObjective } from './meaningObjective.js'
import { openProgress } from './progress.js'
import type { Vocabulary } from './vocabulary.js'

/** What decides a member's run besides its data; written into the model's report. */
export interface MemberSettings {
  readonly epochs: number
  readonly batchSize: number
  readonly microBatchSize: number
  readonly learningRate: number
  readonly warmup: number
  readonly weightDecay: number
  readonly emaDecay: number
  readonly clipNorm: number
  /** How often a picture is mixed with another of the same concept. */
  readonly mixShare: number
  readonly seed: number
}

const settings: Omit<MemberSettings, 'seed'> = {
  epochs: 75,
  batchSize: 256,
  microBatchSize: 256,
  learningRate: 1.5e-3,
  warmup: 0.05,
  weightDecay: 0.3,
  emaDecay: 0.997,
  clipNorm: 1,
  mixShare: 0.9,
}

/** The pairs of towers that are trained, and joined into one: a fourth does not fit into 24 MB. */
export const starterMembers: readonly MemberSettings[] = [1, 2, 3].map((seed) => ({
  ...settings,
  seed,
}))

export interface TowerTraining {
  readonly architecture: Architecture
  readonly dataset: Dataset
  readonly features: FeatureReader
  readonly vocabulary: Vocabulary
  readonly settings: MemberSettings
  /** 0 for all that there are. */
  readonly threads: number
  readonly signal: AbortSignal
  readonly onEvent: (event: TrainingEvent) => void
  /** File that the run is saved in, and goes on from when it was broken off. */
  readonly progressPath: string
}

export interface TrainedTowers {
  readonly architecture: Architecture
  readonly settings: MemberSettings
  readonly towers: Towers
  /** To be disposed of by the caller. */
  readonly step: ContrastiveStep
  readonly steps: number
  readonly seconds: number
}

export async function trainTowers(training: TowerTraining): Promise<TrainedTowers> {
  const { architecture, dataset, vocabulary, settings, signal, onEvent } = training
  const { tokenEmbedding, tokenizer } = vocabulary
  const towers = buildTowers(architecture, { seed: settings.seed, tokenEmbedding })
  const step = await createContrastiveStep({
    towers,
    objective: meaningObjective(dataset.meanings),
    optimizer: {
      kind: 'adamw',
      beta1: 0.9,
      beta2: 0.98,
      epsilon: 1e-6,
      weightDecay: settings.weightDecay,
    },
    microBatchSize: settings.microBatchSize,
    clipNorm: settings.clipNorm,
    emaDecay: settings.emaDecay,
    device: 'cpu',
    threads: training.threads,
  })
  const source = createFeatureBatches({ ...training, ...settings, tokenizer })
  const steps = Math.round(settings.epochs * source.batchesPerEpoch)
  const progress = openProgress(training.progressPath, step, { ...settings })
  const done = await runContrastiveTraining(
    {
      source,
      step,
      learningRate: settings.learningRate,
      schedule: schedules.cosine,
      warmup: settings.warmup,
      stop: { totalSteps: steps, limitMs: null },
      from: await progress.restore(),
    },
    { signal, onEvent, save: progress.save, saveEveryMs: 120_000 },
  )
  return { architecture, settings, towers, step, steps: done.step, seconds: done.elapsedMs / 1000 }
}
