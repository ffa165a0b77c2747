/** What the library says about itself: folders, photos, models. */
import { z } from 'zod'
import { modelLanguagesSchema, modelLicenceSchema } from './catalogue.js'
import { retrievalReportSchema } from './training.js'

export const rootStatusSchema = z.object({
  id: z.number().int(),
  path: z.string(),
  /** `offline` while the folder cannot be reached; its photos stay searchable. */
  state: z.enum(['online', 'offline']),
  /** Whether new files are noticed as they are written. */
  watching: z.boolean(),
  scanning: z.boolean(),
  /** Files that are there, that are gone, that cannot be read. */
  files: z.number().int(),
  missing: z.number().int(),
  failed: z.number().int(),
  /** ISO 8601; null before the first scan is over. */
  lastScanAt: z.string().nullable(),
})
export type RootStatus = z.infer<typeof rootStatusSchema>

/** A file or photo that could not be read, encoded or drawn. */
export const failedFileSchema = z.object({ path: z.string(), reason: z.string() })

/** All failures of one reason. */
export const failureGroupSchema = z.object({ reason: z.string(), count: z.number().int() })

export const modelStatusSchema = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(['starter', 'downloaded', 'imported', 'tuned']),
  path: z.string(),
  dim: z.number().int(),
  active: z.boolean(),
  /** Photos that have an embedding by this model. */
  indexed: z.number().int(),
  /** Id of the model that it was tuned from. */
  parent: z.string().nullable(),
  /** ISO 8601. */
  addedAt: z.string(),
  sizeBytes: z.number(),
  /** False while its folder cannot be found. */
  present: z.boolean(),
})
export type ModelStatus = z.infer<typeof modelStatusSchema>

/** Where encoders run. */
export const deviceInUseSchema = z.object({
  /** As set. */
  wanted: z.enum(['cpu', 'webgpu', 'auto']),
  /** Null while that is not known: nothing has run yet. */
  device: z.enum(['cpu', 'webgpu']).nullable(),
  /** Why it is not the one hoped for, in a sentence. */
  notice: z.string().nullable(),
})
export type DeviceInUse = z.infer<typeof deviceInUseSchema>
/** How good a model was found on the person's photos, and how fast here. */
export const modelMeasureSchema = z.object({
  picturesPerSecond: z.number(),
  /** For one query of a few words. */
  queryMs: z.number(),
  /** Photos with captions or tags among which each was looked for by its words. */
  photos: z.number().int(),
  /** Photos with words that were left out: a model of the library has learned from them. */
  learned: z.number().int().default(0),
  /** Null where no photo has any, or too few are left. */
  report: retrievalReportSchema.nullable(),
  /** ISO 8601. */
  at: z.string(),
})
export type ModelMeasure = z.infer<typeof modelMeasureSchema>

/** What a person chooses a model by. */
export const modelFactsSchema = z.object({
  /** Of queries; null where nobody knows. */
  languages: modelLanguagesSchema.nullable(),
  /** Null where none is named. */
  licence: modelLicenceSchema.nullable(),
  /** On this machine and these photos; null until it was measured. */
  measure: modelMeasureSchema.nullable(),
})
export type ModelFacts = z.infer<typeof modelFactsSchema>

/** A model as the list of models has it. */
export const listedModelSchema = modelStatusSchema.extend(modelFactsSchema.shape)
export type ListedModel = z.infer<typeof listedModelSchema>

/** What removing a model would free, in bytes. */
export const modelSpaceSchema = z.object({
  /** Its own files; 0 for a folder of the person's, which stays. */
  files: z.number(),
  /** What is kept of photos for it: room inside the database, which others then use. */
  embeddings: z.number(),
  /** Its search index. */
  caches: z.number(),
})
export type ModelSpace = z.infer<typeof modelSpaceSchema>

export const libraryStatusSchema = z.object({
  /** Names this library in addresses of its images; another library has another. */
  uid: z.string(),
  path: z.string(),
  photos: z.number().int(),
  /** Photos of which no file can be reached now. */
  offline: z.number().int(),
  roots: z.array(rootStatusSchema),
  models: z.array(modelStatusSchema),
  device: deviceInUseSchema,
  /** Photos that the active model still has to encode. */
  toIndex: z.number().int(),
  /** The first failures, and all of them by reason. */
  failed: z.array(failedFileSchema),
  failures: z.array(failureGroupSchema),
})
export type LibraryStatus = z.infer<typeof libraryStatusSchema>
