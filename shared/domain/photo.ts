/** Photos, as the grid and the photo view show them. */
import { z } from 'zod'
import { packedSchema } from './packed.js'

export const photoIdSchema = z.number().int().positive()

/** One column each over the same photos, in the same order. */
export const photoColumnsSchema = z.object({
  ids: packedSchema,
  /** Width over height, in hundredths; 100 where it is not known. */
  ratios: packedSchema,
  /** Days since 1 January 1970 of the local date on which it was taken. */
  days: packedSchema,
})
export type PhotoColumns = z.infer<typeof photoColumnsSchema>

/** A photo among others. */
export const photoSummarySchema = z.object({
  id: photoIdSchema,
  /** File name. */
  name: z.string(),
  /** Its first caption, if it has one. */
  caption: z.string().nullable(),
  takenAt: z.string().nullable(),
  offline: z.boolean(),
  width: z.number().int().nullable(),
  height: z.number().int().nullable(),
})
export type PhotoSummary = z.infer<typeof photoSummarySchema>

/** A caption or tag, and who said it: `user`, `file`, `metadata`, ... */
export const photoWordSchema = z.object({ text: z.string(), source: z.string() })
export type PhotoWord = z.infer<typeof photoWordSchema>

export const photoFileSchema = z.object({
  path: z.string(),
  state: z.enum(['present', 'missing', 'failed']),
  offline: z.boolean(),
})

const shareSchema = z.number().min(0).max(1)

/** A thing that an image encoder found in a photo. */
export const photoObjectSchema = z.object({
  /** Its class, in the plainest words: "dog". */
  name: z.string(),
  /** How sure the encoder is, 0 to 1. */
  score: shareSchema,
  /** Where it is, as shares of the picture's width and height. */
  box: z.object({ left: shareSchema, top: shareSchema, right: shareSchema, bottom: shareSchema }),
})
export type PhotoObject = z.infer<typeof photoObjectSchema>

export const photoDetailSchema = photoSummarySchema.extend({
  files: z.array(photoFileSchema),
  format: z.string(),
  sizeBytes: z.number(),
  takenAtSource: z.enum(['camera', 'name', 'file']).nullable(),
  /** Offset of `takenAt` from UTC in minutes, where the camera told it. */
  zoneMinutes: z.number().int().nullable(),
  camera: z.string().nullable(),
  lens: z.string().nullable(),
  exposureSeconds: z.number().nullable(),
  fNumber: z.number().nullable(),
  iso: z.number().int().nullable(),
  focalLengthMm: z.number().nullable(),
  /** Degrees. */
  latitude: z.number().nullable(),
  longitude: z.number().nullable(),
  captions: z.array(photoWordSchema),
  tags: z.array(photoWordSchema),
  /** The surest first; empty where none were found or none are looked for. */
  objects: z.array(photoObjectSchema),
})
export type PhotoDetail = z.infer<typeof photoDetailSchema>

/** Words that fit a photo, offered to be accepted. */
export const wordSuggestionSchema = z.object({
  text: z.string(),
  kind: z.enum(['caption', 'tag']),
  /** `own`: the user has used it on other photos. */
  origin: z.enum(['own', 'vocabulary']),
  /** Calibrated, 0 to 1. */
  relevance: z.number(),
})
export type WordSuggestion = z.infer<typeof wordSuggestionSchema>

/** How well each part of a picture matches words: rows from the top, columns from the left. */
export const matchMapSchema = z.object({
  rows: z.number().int(),
  columns: z.number().int(),
  /** [rows * columns], 0 to 1. */
  values: z.array(z.number()),
})
export type MatchMap = z.infer<typeof matchMapSchema>
