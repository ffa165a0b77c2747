/** What a training run is told and what it tells back. */
import { z } from 'zod'

/** One picture with its words. `image` is an absolute path; every caption names the same picture. */
export const trainingPairSchema = z.object({
  image: z.string(),
  captions: z.array(z.string()).min(1),
  label: z.string().optional(),
})
export type TrainingPair = z.infer<typeof trainingPairSchema>

export const lossNameSchema = z.enum(['infonce', 'multi-positive'])
const optimizerSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('adamw'),
    beta1: z.number().default(0.9),
    beta2: z.number().default(0.98),
    epsilon: z.number().default(1e-6),
    weightDecay: z.number().default(0.2),
  }),
  z.object({
    kind: z.literal('sgd'),
    momentum: z.number().default(0.9),
    weightDecay: z.number().default(0),
  }),
])
export type OptimizerSpec = z.infer<typeof optimizerSchema>

/** Everything that decides a run; written into its checkpoint and its training report. */
export const trainingSpecSchema = z.object({
  method: z.enum(['scratch', 'quick']),
  /** Name of a built-in architecture or path of a JSON file; `scratch` only. */
  arch: z.string().nullable(),
  /** Model directory to start from; required for `quick`. */
  from: z.string().nullable(),
  loss: lossNameSchema,
  optimizer: optimizerSchema,
  learningRate: z.number().positive(),
  /** Fraction of all steps, 0 to 1. */
  warmup: z.number().min(0).max(1),
  /** The rate rises over at least so many steps, however short the run is. */
  warmupSteps: z.number().int().min(0),
  schedule: z.enum(['constant', 'cosine']),
  clipNorm: z.number().positive(),
  /** Decay of the weights' exponential moving average; 0 turns it off. */
  emaDecay: z.number().min(0).max(0.99999),
  batchSize: z.number().int().positive(),
  microBatchSize: z.number().int().positive(),
  /** The run ends at whichever of the two comes first. */
  epochs: z.number().positive().nullable(),
  minutes: z.number().positive().nullable(),
  augment: z.boolean(),
  /** Share of the pictures held out for evaluation, split by linked groups. */
  holdOut: z.number().min(0).max(0.5),
  /** Share of the pictures kept out of training to choose by, for methods that choose. */
  validation: z.number().min(0).max(0.5),
  seed: z.number().int(),
  device: z.enum(['cpu', 'webgpu', 'auto']),
  threads: z.number().int().min(0),
})
export type TrainingSpec = z.infer<typeof trainingSpecSchema>

/** The 95 % interval of a figure, lowest first. */
const intervalSchema = z.tuple([z.number(), z.number()])

/** Retrieval in one direction. Rates are hit rates in 0..1; ranks start at 1. */
const retrievalMetricsSchema = z.object({
  queries: z.number().int(),
  gallerySize: z.number().int(),
  recallAt1: z.number(),
  recallAt5: z.number(),
  recallAt10: z.number(),
  mrr: z.number(),
  medianRank: z.number(),
  meanRank: z.number(),
  /** Expected recall of a random order on this gallery. */
  chanceAt1: z.number(),
  chanceAt5: z.number(),
  chanceAt10: z.number(),
  /** By the bootstrap over queries. */
  intervals: z.object({
    recallAt1: intervalSchema,
    recallAt5: intervalSchema,
    recallAt10: intervalSchema,
    mrr: intervalSchema,
    medianRank: intervalSchema,
    meanRank: intervalSchema,
  }),
})
export type RetrievalMetrics = z.infer<typeof retrievalMetricsSchema>

export const retrievalReportSchema = z.object({
  textToImage: retrievalMetricsSchema,
  imageToText: retrievalMetricsSchema,
})
export type RetrievalReport = z.infer<typeof retrievalReportSchema>

/** Events of a run, as data; JSON lines on the command line. */
export const trainingEventSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('started'),
    pairs: z.number().int(),
    heldOut: z.number().int(),
    skipped: z.array(z.object({ path: z.string(), reason: z.string() })),
    parameters: z.number().int(),
    totalSteps: z.number().int().nullable(),
    device: z.string(),
    resumedAtStep: z.number().int().nullable(),
  }),
  z.object({
    type: z.literal('preparing'),
    phase: z.enum(['reading pictures', 'computing features', 'learning words']),
    done: z.number().int(),
    total: z.number().int(),
  }),
  z.object({
    type: z.literal('step'),
    step: z.number().int(),
    epoch: z.number(),
    loss: z.number(),
    logitScale: z.number(),
    gradientNorm: z.number(),
    learningRate: z.number(),
    pairsPerSecond: z.number(),
    /** 0 to 1, by steps or by minutes. */
    progress: z.number(),
    etaSeconds: z.number(),
  }),
  z.object({
    type: z.literal('evaluated'),
    /** `validation` pairs are not trained on, but chosen by; `heldOut` ones are neither. */
    part: z.enum(['validation', 'heldOut']),
    step: z.number().int(),
    report: retrievalReportSchema,
  }),
  z.object({ type: z.literal('checkpointed'), step: z.number().int(), path: z.string() }),
  z.object({ type: z.literal('paused'), step: z.number().int() }),
  z.object({ type: z.literal('resumed'), step: z.number().int() }),
  z.object({ type: z.literal('notice'), message: z.string() }),
  z.object({
    type: z.literal('finished'),
    step: z.number().int(),
    seconds: z.number(),
    modelPath: z.string(),
    modelId: z.string(),
    /** Held-out retrieval of the saved model; null without a held-out part. */
    heldOut: retrievalReportSchema.nullable(),
    /** The same for the parent, where there is one. */
    before: retrievalReportSchema.nullable(),
  }),
])
export type TrainingEvent = z.infer<typeof trainingEventSchema>
