/** Models that can be downloaded: what is known of each before it is there. */
import { z } from 'zod'

const sha256 = z.string().regex(/^[0-9a-f]{64}$/)

/** Of queries; `many`: about a hundred. */
export const languagesSchema = z.enum(['english', 'many'])

/** Of a model that is there: as the catalogue tells, or by their English names. */
export const modelLanguagesSchema = languagesSchema.or(z.array(z.string()))
export type ModelLanguages = z.infer<typeof modelLanguagesSchema>

/** What a person may use a model for. */
const licenceUseSchema = z.enum(['any', 'research'])

/** Of a model that is there; `use` is null where only the name is known. */
export const modelLicenceSchema = z.object({ name: z.string(), use: licenceUseSchema.nullable() })
export type ModelLicence = z.infer<typeof modelLicenceSchema>

const catalogueFileSchema = z.object({
  /** Inside the repository, and inside the model's folder. */
  path: z.string(),
  /** Null where it is recorded at the first download. */
  sizeBytes: z.number().int().nullable(),
  sha256: sha256.nullable(),
  /** May be missing. */
  optional: z.boolean().default(false),
})
export type CatalogueFile = z.infer<typeof catalogueFileSchema>

export const catalogueEntrySchema = z.object({
  id: z.string(),
  title: z.string(),
  /** What it is good for, in a sentence. */
  summary: z.string(),
  /** `owner/name` on the hub. */
  repository: z.string(),
  /** A commit, which names all files for good; null where it is recorded at the first download. */
  revision: z
    .string()
    .regex(/^[0-9a-f]{40}$/)
    .nullable(),
  files: z.array(catalogueFileSchema),
  languages: languagesSchema,
  licence: z.object({ name: z.string(), use: licenceUseSchema }),
  embeddingDim: z.number().int(),
  contextLength: z.number().int(),
  /** Weights in millions. */
  parameters: z.object({ image: z.number(), text: z.number() }),
  /** Floating-point operations for one picture, in billions; a multiplication and an addition are two. */
  imageGflop: z.number(),
})
export type CatalogueEntry = z.infer<typeof catalogueEntrySchema>

/** What a client is told of a model that can be downloaded. */
export const catalogueItemSchema = catalogueEntrySchema.omit({ files: true }).extend({
  /** Of all files; an estimate by the number of weights where sizes are not known yet. */
  sizeBytes: z.number(),
  sizeIsKnown: z.boolean(),
  /** While it searches, about. */
  memoryBytes: z.number(),
  /** Expected here; null until this machine was measured. */
  picturesPerSecond: z.number().nullable(),
  /** Id of the model once it is there. */
  model: z.string().nullable(),
  /** The latest job that downloads it, unless that is done or cancelled. */
  job: z.number().int().nullable(),
})
export type CatalogueItem = z.infer<typeof catalogueItemSchema>
