/** What a training run is told and what it tells back. */
import { z } from 'zod'
import { lossSpecSchema } from './losses.js'
import { searchPrecisionSchema } from './precision.js'

/**
 * One picture with its words. `image` is an absolute path; every caption names the same picture.
 * Pictures without words are learned from by two views of each.
 */
export const trainingPairSchema = z.object({
  image: z.string(),
  captions: z.array(z.string()),
  label: z.string().optional(),
})
export type TrainingPair = z.infer<typeof trainingPairSchema>

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
  z.object({
    kind: z.literal('lion'),
    beta1: z.number().default(0.9),
    beta2: z.number().default(0.99),
    weightDecay: z.number().default(1),
  }),
])
export type OptimizerSpec = z.infer<typeof optimizerSchema>

/** How pictures are drawn into batches. */
const samplingSchema = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('shuffled') }),
    /** Labels in equal parts, `perLabel` pictures of each together. */
    z.object({ kind: z.literal('balanced'), perLabel: z.number().int().positive().default(4) }),
    /** A share of each batch is neighbours of the rest, found anew as the encoders learn. */
    z.object({ kind: z.literal('hard-negatives'), share: z.number().positive().max(0.9) }),
  ])
  .default({ kind: 'shuffled' })

/** What brings embeddings together. */
const learnFromSchema = z
  .discriminatedUnion('kind', [
    /** A picture and its caption. */
    z.object({ kind: z.literal('captions') }),
    /** Two views of a picture; its words are not read. */
    z.object({ kind: z.literal('pictures') }),
    /** The run's loss for captions, plus `weight` times another for two views of every picture. */
    z.object({
      kind: z.literal('both'),
      loss: lossSpecSchema.default({ name: 'nt-xent', temperature: 0.2 }),
      weight: z.number().positive().default(0.5),
    }),
  ])
  .default({ kind: 'captions' })

/** What stands between an encoder and the shared space: one layer, or two with ReLU between them. */
const headSchema = z.enum(['linear', 'mlp'])
export type Head = z.infer<typeof headSchema>

/** The adapters of `deep`: LoRA. */
const lowRankSchema = z
  .object({
    rank: z.number().int().positive().default(8),
    /** Their change is scaled by alpha / rank. */
    alpha: z.number().positive().default(16),
    /** So many of each encoder's last blocks; null for all. */
    blocks: z.number().int().positive().nullable().default(null),
    /** What makes queries, keys and values, or every linear layer of the blocks and after them. */
    layers: z.enum(['attention', 'all']).default('attention'),
  })
  .prefault({})

/** Everything that decides a run; written into its checkpoint and its training report. */
export const trainingSpecSchema = z.object({
  method: z.enum(['scratch', 'quick', 'deep', 'full']),
  /** Name of a built-in architecture or path of a JSON file; `scratch` only. */
  arch: z.string().nullable(),
  /** Model directory to start from; all methods but `scratch` need one. */
  from: z.string().nullable(),
  /** Of `scratch` the projection (null: as the architecture says), of `quick` the adapter. */
  head: headSchema.nullable().default(null),
  lowRank: lowRankSchema,
  /** Which encoders `deep` and `full` change; the other's embeddings are computed once. */
  tower: z.enum(['both', 'image', 'text']).default('both'),
  /** The share of the change that a tuned model takes; `auto` chooses by validation pairs. */
  blend: z.union([z.literal('auto'), z.number().min(0).max(1)]).default('auto'),
  loss: lossSpecSchema,
  learnFrom: learnFromSchema,
  /** What a picture's label is: as the caption file says, or its folder where that says nothing. */
  labels: z.enum(['column', 'folders']).default('column'),
  sampling: samplingSchema,
  optimizer: optimizerSchema,
  learningRate: z.number().positive(),
  /** Fraction of all steps, 0 to 1. */
  warmup: z.number().min(0).max(1),
  /** The rate rises over at least so many steps, however short the run is. */
  warmupSteps: z.number().int().min(0),
  schedule: z.enum(['constant', 'cosine', 'linear']),
  clipNorm: z.number().positive(),
  /** Decay of the weights' exponential moving average; 0 turns it off. */
  emaDecay: z.number().min(0).max(0.99999),
  batchSize: z.number().int().positive(),
  microBatchSize: z.number().int().positive(),
  /** Batches whose gradients are averaged for one update. */
  accumulate: z.number().int().positive().default(1),
  /** Each layer learns at this times the rate of the one after it; 1 gives all the same. */
  layerDecay: z.number().positive().max(1).default(1),
  /** Measurements without a better one after which a run ends, for methods that choose by them. */
  patience: z.number().int().positive().default(8),
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
export const intervalSchema = z.tuple([z.number(), z.number()])

/** Retrieval in one direction. Rates are hit rates in 0..1; ranks start at 1. */
export const retrievalMetricsSchema = z.object({
  queries: z.number().int(),
  gallerySize: z.number().int(),
  recallAt1: z.number(),
  recallAt5: z.number(),
  recallAt10: z.number(),
  mrr: z.number(),
  /** mAP and nDCG: of reports from before they were measured, null. */
  meanAveragePrecision: z.number().nullable().default(null),
  ndcgAt10: z.number().nullable().default(null),
  medianRank: z.number(),
  meanRank: z.number(),
  /** Expected recall of a random order on this gallery. */
  chanceAt1: z.number(),
  chanceAt5: z.number(),
  chanceAt10: z.number(),
  /** By the bootstrap over clusters of queries. */
  intervals: z.object({
    recallAt1: intervalSchema,
    recallAt5: intervalSchema,
    recallAt10: intervalSchema,
    mrr: intervalSchema,
    meanAveragePrecision: intervalSchema.nullable().default(null),
    ndcgAt10: intervalSchema.nullable().default(null),
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

/** How well pictures are told apart without any words. */
export const pictureReportSchema = z.object({
  /** Finding a picture by another view of it. */
  otherView: retrievalMetricsSchema,
  /** Whether the nearest other picture has the same label; null where labels are too few. */
  labels: z
    .object({
      /** Pictures with labels that others have too. */
      pictures: z.number().int(),
      accuracy: z.number(),
      /** Of a picture drawn at random. */
      chance: z.number(),
    })
    .nullable(),
})
export type PictureReport = z.infer<typeof pictureReportSchema>

/** What one share of the change did on the validation pairs (WiSE-FT). Rates in 0..1. */
const blendRatesSchema = z.object({
  recallAt1: z.number(),
  recallAt5: z.number(),
  recallAt10: z.number(),
  mrr: z.number(),
})
export const triedBlendSchema = z.object({
  /** 0 is the model as it was. */
  blend: z.number(),
  textToImage: blendRatesSchema,
  imageToText: blendRatesSchema,
})
export type TriedBlend = z.infer<typeof triedBlendSchema>

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
    phase: z.enum([
      'reading pictures',
      'comparing pictures',
      'computing features',
      'learning words',
      'choosing precision',
    ]),
    done: z.number().int(),
    total: z.number().int(),
  }),
  z.object({
    type: z.literal('step'),
    step: z.number().int(),
    epoch: z.number(),
    loss: z.number(),
    /** What cosines are multiplied by; null where the loss does not learn it. */
    logitScale: z.number().nullable(),
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
  /** As `evaluated`, of pictures without words. */
  z.object({
    type: z.literal('evaluatedPictures'),
    part: z.enum(['validation', 'heldOut']),
    step: z.number().int(),
    report: pictureReportSchema,
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
    /** Held-out pictures without their words, where they were learned from; else null. */
    pictures: pictureReportSchema.nullable(),
    /** How precise search is with the model, and why; null where that was not measured. */
    search: searchPrecisionSchema.nullable(),
    /** The share of the change that the model took; null for `scratch`. */
    blend: z.number().nullable(),
    /** What it was chosen from; empty where it was given, or nothing could be measured. */
    blends: z.array(triedBlendSchema),
  }),
])
export type TrainingEvent = z.infer<typeof trainingEventSchema>
