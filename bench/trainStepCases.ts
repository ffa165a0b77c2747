/** The pairs of encoders whose training step is measured. */
import type { Architecture } from '../main/ml/clip/architecture.js'
import { loadArchitecture } from '../main/ml/clip/architectures.js'
import { buildTowers, type Towers } from '../main/ml/clip/builder/buildTowers.js'
import type { ContrastiveBatch } from '../main/ml/training/step/contrastiveBatch.js'
import { starterArchitecture } from '../models/recipe/training/architecture.js'
import { starterMembers } from '../models/recipe/training/trainTowers.js'
import { randomBatch } from './randomBatch.js'

/** A pair of encoders, a batch of random inputs for them, and how a step goes through it. */
export interface BenchPair {
  readonly towers: Towers
  readonly batch: ContrastiveBatch
  /** Smaller than the batch, the step goes through GradCache. */
  readonly microBatchSize: number
  /** Tokens of each text: what real captions are cut to, or the whole context. */
  readonly textLength: number
  readonly emaDecay: number
}

/** Makes what is measured, in the process that measures it. */
export type TrainStepCase = () => Promise<BenchPair>

interface Sizes extends Omit<BenchPair, 'towers' | 'batch'> {
  readonly architecture: () => Architecture | Promise<Architecture>
  readonly batchSize: number
}

function trainAll({ architecture, batchSize, ...settings }: Sizes): TrainStepCase {
  return async () => {
    const built = await architecture()
    return {
      ...settings,
      towers: buildTowers(built, { seed: 1 }),
      batch: randomBatch(built, batchSize, settings.textLength),
    }
  }
}

/** About the starter's: the shape of its tables decides no product. */
const wordCount = 20_000
const wordWidth = 100

/** The table. Another case is one entry. */
export const trainStepCases: Readonly<Record<string, TrainStepCase>> = {
  /** What `train --method scratch` and the demo train. */
  small: trainAll({
    architecture: () => loadArchitecture('small'),
    batchSize: 256,
    microBatchSize: 256,
    textLength: 16,
    emaDecay: 0.99,
  }),
  starter: trainAll({
    architecture: () => starterArchitecture(wordCount, wordWidth),
    batchSize: starterMembers[0]!.batchSize,
    microBatchSize: starterMembers[0]!.microBatchSize,
    textLength: 16,
    emaDecay: starterMembers[0]!.emaDecay,
  }),
  'small-cached': trainAll({
    architecture: () => loadArchitecture('small'),
    batchSize: 1024,
    microBatchSize: 256,
    textLength: 16,
    emaDecay: 0.99,
  }),
  /** The pair of CLIP ViT-B/32, every weight trained. */
  'base-b32': trainAll({
    architecture: () => loadArchitecture('base-b32'),
    batchSize: 32,
    microBatchSize: 32,
    textLength: 77,
    emaDecay: 0,
  }),
}
