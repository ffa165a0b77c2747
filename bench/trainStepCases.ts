/** The pairs of encoders whose training step is measured. */
import type { Architecture } from '../main/ml/clip/architecture.js'
import { loadArchitecture } from '../main/ml/clip/architectures.js'
import { starterArchitecture } from '../models/recipe/training/architecture.js'
import { starterSettings } from '../models/recipe/training/trainTowers.js'

export interface TrainStepCase {
  readonly architecture: () => Architecture | Promise<Architecture>
  readonly batchSize: number
  /** Smaller than the batch, the step goes through GradCache. */
  readonly microBatchSize: number
  /** Tokens of each text: what real captions are cut to, or the whole context. */
  readonly textLength: number
  readonly emaDecay: number
}

/** About the starter's: the shape of its tables decides no product. */
const wordCount = 20_000
const wordWidth = 100

/** The table. Another case is one entry. */
export const trainStepCases: Readonly<Record<string, TrainStepCase>> = {
  /** What `train --method scratch` and the demo train. */
  small: {
    architecture: () => loadArchitecture('small'),
    batchSize: 256,
    microBatchSize: 256,
    textLength: 16,
    emaDecay: 0.99,
  },
  starter: {
    architecture: () => starterArchitecture(wordCount, wordWidth),
    batchSize: starterSettings.batchSize,
    microBatchSize: starterSettings.microBatchSize,
    textLength: 16,
    emaDecay: starterSettings.emaDecay,
  },
  'small-cached': {
    architecture: () => loadArchitecture('small'),
    batchSize: 1024,
    microBatchSize: 256,
    textLength: 16,
    emaDecay: 0.99,
  },
  /** The pair of CLIP ViT-B/32, every weight trained. */
  'base-b32': {
    architecture: () => loadArchitecture('base-b32'),
    batchSize: 32,
    microBatchSize: 32,
    textLength: 77,
    emaDecay: 0,
  },
}
