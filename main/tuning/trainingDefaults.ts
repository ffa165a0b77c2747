/** Turns the few things a user says about a run into a whole specification. */
import { type TrainingSpec, trainingSpecSchema } from '../../shared/domain/training.js'
import { AppError } from '../../shared/errors.js'
import { chooseLoss, type LossChoices } from './lossChoice.js'
import { chooseOptimizer, type OptimizerChoices } from './optimizerChoice.js'

/** What a user may choose; everything else has a default that depends on the method. */
export interface TrainingChoices extends LossChoices, OptimizerChoices {
  readonly method?: TrainingSpec['method'] | undefined
  readonly arch?: string | undefined
  readonly from?: string | undefined
  readonly head?: TrainingSpec['head'] | undefined
  readonly rank?: number | undefined
  readonly alpha?: number | undefined
  readonly blocks?: number | 'all' | undefined
  readonly layers?: TrainingSpec['lowRank']['layers'] | undefined
  readonly tower?: TrainingSpec['tower'] | undefined
  readonly blend?: TrainingSpec['blend'] | undefined
  readonly minutes?: number | undefined
  readonly epochs?: number | undefined
  readonly batch?: number | undefined
  /** Batches whose gradients are averaged for one update. */
  readonly accumulate?: number | undefined
  /** Rate of each layer over that of the one after it. */
  readonly layerDecay?: number | undefined
  /** Measurements without a better one after which the run ends. */
  readonly patience?: number | undefined
  readonly schedule?: TrainingSpec['schedule'] | undefined
  /** Share of the run over which the rate rises. */
  readonly warmup?: number | undefined
  /** Decay of the weights' moving average. */
  readonly ema?: number | undefined
  readonly seed?: number | undefined
  readonly device?: TrainingSpec['device'] | undefined
  readonly learnFrom?: TrainingSpec['learnFrom']['kind'] | undefined
  /** Weight of the pictures' loss beside that of captions. */
  readonly viewWeight?: number | undefined
  readonly labels?: TrainingSpec['labels'] | undefined
  readonly balanced?: boolean | undefined
  /** Share of a batch that is neighbours of the rest. */
  readonly hardNegatives?: number | undefined
}

/** What a choice is called on the command line. */
export function optionOf(choice: string): string {
  return `--${choice.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}

/** The largest micro-batch by default; larger batches go through GradCache. */
const largestMicroBatch = 256

/** Two views of each picture are two rows. */
export function microBatchFor(
  batchSize: number,
  { kind }: Pick<TrainingSpec['learnFrom'], 'kind'>,
): number {
  return Math.min(kind === 'captions' ? batchSize : 2 * batchSize, largestMicroBatch)
}

/** As the specification takes it. */
const longestAverage = 0.99999

/** More would leave too few pictures to be neighbours of. */
const mostHardNegatives = 0.9

/** Of about 25 measurements in a run, a third in a row without a better one is enough. */
const usualPatience = 8

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
  deep: {
    optimizer: { kind: 'adamw', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01 },
    learningRate: 2e-4,
    warmup: 0.05,
    warmupSteps: 0,
    emaDecay: 0,
    validation: 0.1,
    batchSize: 128,
    epochs: 6,
    minutes: null,
    // What comes before the first adapter is then computed once for each picture.
    augment: false,
  },
  full: {
    optimizer: { kind: 'adamw', beta1: 0.9, beta2: 0.98, epsilon: 1e-6, weightDecay: 0.1 },
    learningRate: 1e-5,
    warmup: 0.1,
    warmupSteps: 0,
    emaDecay: 0,
    validation: 0.1,
    batchSize: 256,
    epochs: 10,
    minutes: null,
    augment: true,
  },
} as const

/** @throws AppError INVALID_ARGUMENT for choices that do not go together. */
export function completeTrainingSpec(choices: TrainingChoices): TrainingSpec {
  const method = choices.method ?? (choices.from === undefined ? 'scratch' : 'quick')
  refuseContradictions(method, choices)
  const recipe = recipes[method]
  const learnFrom = chooseSource(choices, method)
  const batchSize = choices.batch ?? recipe.batchSize
  // A limit the user gives replaces the default one instead of joining it.
  const limited = choices.epochs !== undefined || choices.minutes !== undefined
  return trainingSpecSchema.parse({
    ...recipe,
    method,
    arch: method === 'scratch' ? (choices.arch ?? 'small') : null,
    from: choices.from ?? null,
    head: choices.head ?? null,
    lowRank: chooseLowRank(choices),
    tower: choices.tower ?? 'both',
    blend: choices.blend ?? 'auto',
    loss: chooseLoss(choices, 'multi-positive'),
    learnFrom,
    labels: choices.labels ?? 'column',
    sampling: chooseSampling(choices, learnFrom.kind),
    ...chooseOptimizer(choices, recipe),
    warmup: choices.warmup ?? recipe.warmup,
    // A share that the user gives is meant, however short the run.
    warmupSteps: choices.warmup === undefined ? recipe.warmupSteps : 0,
    schedule: choices.schedule ?? 'cosine',
    emaDecay: chooseAverage(choices.ema ?? recipe.emaDecay),
    clipNorm: 1,
    batchSize,
    microBatchSize: microBatchFor(batchSize, learnFrom),
    accumulate: choices.accumulate ?? 1,
    layerDecay: chooseLayerDecay(choices),
    patience: choices.patience ?? usualPatience,
    epochs: limited ? (choices.epochs ?? null) : recipe.epochs,
    minutes: limited ? (choices.minutes ?? null) : recipe.minutes,
    holdOut: 0.1,
    seed: choices.seed ?? 1,
    device: choices.device ?? 'cpu',
    threads: 0,
  })
}

/** NT-Xent is made for pictures alone, and takes them where the method can. */
function chooseSource(
  { learnFrom, loss, tower, viewWeight }: TrainingChoices,
  method: TrainingSpec['method'],
): { kind: TrainingSpec['learnFrom']['kind']; weight?: number } {
  const kind = learnFrom ?? (loss === 'nt-xent' && method === 'scratch' ? 'pictures' : 'captions')
  if (kind === 'pictures' && method !== 'scratch') refuseSource(method, 'needs words; take "both"')
  if (kind === 'both' && method === 'quick')
    refuseSource(method, 'sees each picture in one way only')
  if (kind === 'both' && tower === 'text')
    refuseSource(method, 'changes no pictures with --tower text')
  if (viewWeight !== undefined && kind !== 'both') {
    throw new AppError('INVALID_ARGUMENT', {
      argument: '--view-weight',
      problem: 'it weighs pictures against captions, so it goes with --learn-from both',
    })
  }
  return viewWeight === undefined ? { kind } : { kind, weight: viewWeight }
}

function refuseSource(method: TrainingSpec['method'], problem: string): never {
  throw new AppError('INVALID_ARGUMENT', {
    argument: '--learn-from',
    problem: `the method "${method}" ${problem}`,
  })
}

function chooseSampling(
  { balanced, hardNegatives }: TrainingChoices,
  learnFrom: TrainingSpec['learnFrom']['kind'],
) {
  if (hardNegatives === undefined) return { kind: balanced === true ? 'balanced' : 'shuffled' }
  const refuse = (problem: string) =>
    new AppError('INVALID_ARGUMENT', { argument: '--hard-negatives', problem })
  if (balanced === true) throw refuse('batches are either balanced or filled with hard negatives')
  if (hardNegatives > mostHardNegatives) throw refuse(`at most ${mostHardNegatives} of a batch`)
  if (learnFrom !== 'captions') {
    throw refuse('which pictures mean the same is told by words, so it goes with captions only')
  }
  return { kind: 'hard-negatives', share: hardNegatives }
}

/** An average that never moves would be the initial weights. */
function chooseAverage(decay: number): number {
  if (decay <= longestAverage) return decay
  throw new AppError('INVALID_ARGUMENT', {
    argument: '--ema',
    problem: `at most ${longestAverage}, so that the average moves`,
  })
}

/** At 0 only the last layer would learn, for which there is --blocks. */
function chooseLayerDecay({ layerDecay = 1 }: TrainingChoices): number {
  if (layerDecay > 0) return layerDecay
  throw new AppError('INVALID_ARGUMENT', {
    argument: '--layer-decay',
    problem: 'above 0, up to 1, so that every layer learns',
  })
}

/** The change is scaled by 2, as LoRA's alpha usually is twice the rank. */
function chooseLowRank({
  rank = 8,
  alpha = 2 * rank,
  blocks = 'all',
  layers = 'attention',
}: TrainingChoices) {
  return { rank, alpha, blocks: blocks === 'all' ? null : blocks, layers }
}

/** Choices that mean something to some methods only. */
const methodsOf = {
  head: ['scratch', 'quick'],
  rank: ['deep'],
  alpha: ['deep'],
  blocks: ['deep'],
  layers: ['deep'],
  tower: ['deep', 'full'],
  blend: ['quick', 'deep', 'full'],
  layerDecay: ['deep', 'full'],
  patience: ['quick', 'deep', 'full'],
  arch: ['scratch'],
  from: ['quick', 'deep', 'full'],
} as const satisfies Partial<Record<keyof TrainingChoices, readonly TrainingSpec['method'][]>>

function refuseContradictions(method: TrainingSpec['method'], choices: TrainingChoices): void {
  if (method !== 'scratch' && choices.from === undefined) {
    throw new AppError('INVALID_ARGUMENT', {
      argument: '--from',
      problem: `the method "${method}" changes a model, so name the one to start from`,
    })
  }
  for (const [choice, allowed] of Object.entries(methodsOf)) {
    const given = choices[choice as keyof typeof methodsOf] !== undefined
    if (!given || (allowed as readonly string[]).includes(method)) continue
    throw new AppError('INVALID_ARGUMENT', {
      argument: optionOf(choice),
      problem: `the method "${method}" does not take it; it goes with ${allowed.join(' or ')}`,
    })
  }
}
