/** semblance.json: what a model directory says of itself beyond the Hugging Face layout. */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { searchPrecisionSchema } from '../../../../shared/domain/precision.js'

export const semblanceFileName = 'semblance.json'
export const learnedPicturesName = 'learned-pictures.json'

/** Whether a path stays inside its directory: with forward slashes and no way out. */
export function isInnerPath(path: string): boolean {
  return path !== '' && !/^([/\\]|[A-Za-z]:)|\\|\0|(^|\/)\.\.?(\/|$)/.test(path)
}

const innerPath = z.string().refine(isInnerPath, 'leads out of the model directory')

const fileSealSchema = z.object({
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  sizeBytes: z.number().int().min(0),
})
export type FileSeal = z.infer<typeof fileSealSchema>

/** What any JSON can hold; typed loosely, so that data types made by other schemas fit. */
const freeForm = z.record(z.string(), z.unknown())

/** No encoder is as wide, and none reads pictures as large. */
const size = z.number().int().positive().max(65_536)

/**
 * What the image encoder finds besides its embedding, in an output `objects` [batch, most, 6] by falling
 * score: left, top, right, bottom as shares of the picture, the score from 0 to 1, the class's number.
 */
const objectsSchema = z.object({
  /** What the classes are called, in the plainest words, in the order of their numbers. */
  classes: z.array(z.string().trim().toLowerCase().min(1).max(64)).min(1).max(10_000),
  /** Weaker finds are more often wrong than right. */
  minScore: z.number().min(0).max(1),
})
export type ObjectsDeclaration = z.infer<typeof objectsSchema>

/** The output that a declaration speaks of. */
export const objectsOutput = 'objects'

/** The 8-bit encoders, named as the Hugging Face hub names them. */
export const quantizedPaths = {
  vision: 'onnx/vision_model_quantized.onnx',
  text: 'onnx/text_model_quantized.onnx',
} as const

export const semblanceFileSchema = z.object({
  formatVersion: z.literal(1, 'was written by a newer Semblance; update this one'),
  /** Hash of the files' hashes: the same files always make the same id. */
  id: z.string().regex(/^[0-9a-f]{32}$/),
  name: z.string().min(1),
  /** Id of the model that this one was tuned from. */
  parent: z.string().nullable(),
  createdAt: z.iso.datetime(),
  files: z.record(innerPath, fileSealSchema),
  embeddingDim: size,
  /** Width of `pooler_output` of the image encoder, where it has that output. */
  imagePooledDim: size.nullable(),
  textPooledDim: size.nullable(),
  imageSize: size,
  contextLength: size,
  licence: z.string().nullable(),
  architecture: freeForm.nullable(),
  method: z.string().nullable(),
  /** theta of training: logits are cosines times exp(logitScale). */
  logitScale: z.number(),
  /** What is added to logits; null where the loss has no bias. */
  logitBias: z.number().nullable().default(null),
  trainingReport: freeForm.nullable(),
  /** Where it was downloaded from; null for one that was not. */
  source: z
    .object({
      /** The catalogue's id. */
      entry: z.string(),
      repository: z.string(),
      /** The commit; null where the hub told none. */
      revision: z.string().nullable(),
    })
    .nullable()
    .default(null),
  /** Null where the image encoder finds none. */
  objects: objectsSchema.nullable().default(null),
  /** What it learned from, see [Note: what a model has learned from]; null where that is not kept. */
  learnedPictures: z
    .object({
      /** Null of a model that has learned from none. */
      file: z.literal(learnedPicturesName).nullable(),
      pictures: z.number().int().min(0),
      complete: z.boolean(),
    })
    .nullable()
    .default(null),
  /** Null where it was never measured: full precision. */
  search: searchPrecisionSchema.nullable().default(null),
})
export type SemblanceFile = z.infer<typeof semblanceFileSchema>
/** The same as it may be written, with what has a default left out. */
export type SemblanceFileInput = z.input<typeof semblanceFileSchema>

/** The id that files with these seals make. */
export function idOfFiles(files: Readonly<Record<string, FileSeal>>): string {
  const hash = createHash('sha256')
  for (const path of Object.keys(files).sort()) hash.update(`${files[path]!.sha256} ${path}\n`)
  return hash.digest('hex').slice(0, 32)
}
