/** Turns the few things a user says about a run into a whole specification. */
import { type TrainingSpec, trainingSpecSchema } from '../../shared/domain/training.js'
import { AppError } from '../../shared/errors.js'

/** What a user may choose; everything else has a default that depends on the method. */
export interface TrainingChoices {
  readonly method?: TrainingSpec['method'] | undefined
  readonly arch?: string | undefined
  readonly from?: string | undefined
  readonly loss?: TrainingSpec['loss'] | undefined
  readonly minutes?: number | undefined
  readonly epochs?: number | undefined
  readonly batch?: number | undefined
  readonly lr?: number | undefined
  readonly seed?: number | undefined
  readonly device?: TrainingSpec['device'] | undefined
}

/** The largest micro-batch by default; larger batches go through GradCache. */
const microBatchSize = 256

/** Recipes of training.md's table, by method. */
const recipes = {
  scratch: {
    optimizer: { kind: 'adamw', beta1: 0.9, beta2: 0.98, epsilon: 1e-6, weightDecay: 0.2 },
    learningRate: 5e-4,
    warmup: 0.05,
    warmupSteps: 40,
    emaDecay: 0.99,
    validation: 0,
    batchSize: 128,
    epochs: null,
    minutes: 10,
    augment: true,
  },
  quick: {
    optimizer: { kind: 'adamw', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01 },
    learningRate: 1e-3,
    warmup: 0.05,
    warmupSteps: 0,
    emaDecay: 0,
    validation: 0.1,
    // Larger batches fall out of the processor's cache: 1,024 costs twice as much a pair.
    batchSize: 512,
    epochs: 40,
    minutes: null,
    augment: false,
  },
} as const

/** @throws AppError INVALID_ARGUMENT for choices that do not go together. */
export function completeTrainingSpec(choices: TrainingChoices): TrainingSpec {
  const method = choices.method ?? (choices.from === undefined ? 'scratch' : 'quick')
  refuseContradictions(method, choices)
  const recipe = recipes[method]
  const batchSize = choices.batch ?? recipe.batchSize
  // A limit the user gives replaces the default one instead of joining it.
  const limited = choices.epochs !== undefined || choices.minutes !== undefined
  return trainingSpecSchema.parse({
    ...recipe,
    method,
    arch: method === 'scratch' ? (choices.arch ?? 'small') : null,
    from: choices.from ?? null,
    loss: choices.loss ?? 'multi-positive',
    learningRate: choices.lr ?? recipe.learningRate,
    schedule: 'cosine',
    clipNorm: 1,
    batchSize,
    microBatchSize: Math.min(batchSize, microBatchSize),
    epochs: limited ? (choices.epochs ?? null) : recipe.epochs,
    minutes: limited ? (choices.minutes ?? null) : recipe.minutes,
    holdOut: 0.1,
    seed: choices.seed ?? 1,
    device: choices.device ?? 'cpu',
    threads: 0,
  })
}

function refuseContradictions(method: TrainingSpec['method'], choices: TrainingChoices): void {
  if (method === 'quick' && choices.from === undefined) {
    throw new AppError('INVALID_ARGUMENT', {
      argument: '--from',
      problem: 'the method "quick" adapts a model, so name the one to start from',
    })
  }
  if (method === 'quick' && choices.arch !== undefined) {
    throw new AppError('INVALID_ARGUMENT', {
      argument: '--arch',
      problem: 'the method "quick" keeps the architecture of --from',
    })
  }
  if (method === 'scratch' && choices.from !== undefined) {
    throw new AppError('INVALID_ARGUMENT', {
      argument: '--from',
      problem: 'the method "scratch" starts from nothing; leave --from out or use --method quick',
    })
  }
}
