/** What `semblance eval` finds out about a model, alone or against another one. */
import { z } from 'zod'
import { teachCurvesSchema } from './teaching.js'
import { intervalSchema, retrievalMetricsSchema, retrievalReportSchema } from './training.js'

const evaluatedModelSchema = z.object({
  id: z.string(),
  name: z.string(),
  path: z.string(),
  /** By this program. Pictures that it learned from show it as better than it is. */
  trained: z.boolean(),
  /** Whether all of these are known, also those of the models that it was made from. */
  learnedKnown: z.boolean(),
})
export type EvaluatedModel = z.infer<typeof evaluatedModelSchema>

/** How embeddings lie on the unit sphere. */
const geometrySchema = z.object({
  /** Mean squared distance of what belongs together (Wang and Isola 2020); 0 is best. */
  alignment: z.number(),
  /** How evenly each kind is spread (the same paper); lower is more even. Null for a single one. */
  imageUniformity: z.number().nullable(),
  textUniformity: z.number().nullable(),
  /** Distance between the mean picture and the mean text (Liang 2022). */
  modalityGap: z.number(),
})
export type Geometry = z.infer<typeof geometrySchema>

const classificationSchema = z.object({
  pictures: z.number().int(),
  classes: z.number().int(),
  accuracy: z.number(),
  /** 95 %, by the bootstrap over groups of linked pictures. */
  interval: intervalSchema,
  /** The share of the largest class: the accuracy of always naming that one. */
  largestClass: z.number(),
  /** The mean of the classes' recalls, so that small classes count as much as large ones. */
  meanRecall: z.number(),
  /** Of the classes that have pictures. */
  perClass: z.array(
    z.object({
      label: z.string(),
      pictures: z.number().int(),
      /** Null where nothing was taken for this class. */
      precision: z.number().nullable(),
      recall: z.number(),
    }),
  ),
  /** Wrong cells of the confusion matrix, largest first; `perClass` tells the right ones. */
  confusions: z.array(
    z.object({ label: z.string(), taken: z.string(), pictures: z.number().int() }),
  ),
})
export type ClassificationReport = z.infer<typeof classificationSchema>

const labelReportSchema = z.object({
  /** By the label's words in several sentences, without having learned from any label. */
  zeroShot: classificationSchema,
  /** Pictures of a label, found by its words: all of them are relevant. */
  labelToImage: retrievalMetricsSchema,
  /** Whether the nearest other picture has the same label. */
  nearest: z
    .object({ pictures: z.number().int(), accuracy: z.number(), chance: z.number() })
    .nullable(),
  /** By a linear layer on the embeddings, trained on some pictures and tested on others. */
  linearProbe: classificationSchema
    .extend({ trainedOn: z.number().int(), l2: z.number() })
    .nullable(),
})
export type LabelReport = z.infer<typeof labelReportSchema>

const curveSchema = z.array(
  z.object({ k: z.number().int(), recall: z.number(), chance: z.number() }),
)

/** Numbers of pairs by their cosine, in equal bins from `from` to `to`. */
const similaritiesSchema = z.object({
  from: z.number(),
  to: z.number(),
  matching: z.array(z.number().int()),
  /** Of pairs drawn at random that do not belong together. */
  others: z.array(z.number().int()),
})
export type SimilarityHistogram = z.infer<typeof similaritiesSchema>

/** What is measured of one model. */
const measurementSchema = z.object({
  model: evaluatedModelSchema,
  report: retrievalReportSchema,
  curves: z.object({ textToImage: curveSchema, imageToText: curveSchema }),
  similarities: similaritiesSchema,
  geometry: geometrySchema,
  /** Null without two labels. */
  labels: labelReportSchema.nullable(),
})
export type ModelMeasurement = z.infer<typeof measurementSchema>

/** What both models were asked, as one figure of each query. */
const comparedMeasures = ['textToImage', 'imageToText', 'zeroShot', 'linearProbe'] as const
export const comparedMetrics = [
  'recallAt1',
  'recallAt5',
  'recallAt10',
  'mrr',
  'meanAveragePrecision',
] as const

/** One figure of both models on the same queries. */
const comparisonRowSchema = z.object({
  measure: z.enum(comparedMeasures),
  metric: z.enum([...comparedMetrics, 'accuracy']),
  model: z.number(),
  against: z.number(),
  /** Of the model, minus that of the other one. */
  difference: z.number(),
  /** 95 % of the difference, by the paired bootstrap over clusters. */
  interval: intervalSchema,
  /** By sign flips of whole clusters, two-sided; at 0.05 or more they are not told apart. */
  p: z.number(),
  verdict: z.enum(['better', 'worse', 'not distinguishable']),
})
export type ComparisonRow = z.infer<typeof comparisonRowSchema>

const comparisonSchema = measurementSchema.extend({ rows: z.array(comparisonRowSchema) })
export type ModelComparison = z.infer<typeof comparisonSchema>

/** A query whose answer stands far down. */
const hardQuerySchema = z.object({
  direction: z.enum(['textToImage', 'imageToText']),
  text: z.string(),
  picture: z.string(),
  /** Of the answer. */
  rank: z.number().int(),
  /** The picture, or the text, that came first instead. */
  foundFirst: z.string(),
})
export type HardQuery = z.infer<typeof hardQuerySchema>

/** Pictures that a measured model has learned from, and those linked to such. */
const learnedShareSchema = z.object({
  pictures: z.number().int(),
  /** Of linked pictures. */
  groups: z.number().int(),
  /** Whether they are measured all the same. */
  measured: z.boolean(),
})

export const evaluationSchema = measurementSchema.extend({
  /** Null where it was not asked. */
  learned: learnedShareSchema.nullable(),
  /** Groups of linked pictures among those measured: what intervals and tests count as one. */
  groups: z.number().int(),
  against: comparisonSchema.nullable(),
  /** How the model was trained, if that was done here. */
  training: z.object({ curves: teachCurvesSchema }).nullable(),
  hardest: z.array(hardQuerySchema),
  /** Pictures that could not be read. */
  skipped: z.array(z.object({ path: z.string(), reason: z.string() })),
})
export type Evaluation = z.infer<typeof evaluationSchema>
