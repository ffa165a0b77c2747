/** semblance.json: what a model directory says of itself beyond the Hugging Face layout. */
import { createHash } from 'node:crypto'
import { z } from 'zod'

export const semblanceFileName = 'semblance.json'

/** A path inside the directory, with forward slashes and no way out. */
const innerPath = z
  .string()
  .refine(
    (path) => path !== '' && !/^([/\\]|[A-Za-z]:)|\\|(^|\/)\.\.?(\/|$)/.test(path),
    'leads out of the model directory',
  )

const fileSealSchema = z.object({
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  sizeBytes: z.number().int().min(0),
})
export type FileSeal = z.infer<typeof fileSealSchema>

/** What any JSON can hold; typed loosely, so that data types made by other schemas fit. */
const freeForm = z.record(z.string(), z.unknown())

const size = z.number().int().positive()

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
  trainingReport: freeForm.nullable(),
})
export type SemblanceFile = z.infer<typeof semblanceFileSchema>

/** The id that files with these seals make. */
export function idOfFiles(files: Readonly<Record<string, FileSeal>>): string {
  const hash = createHash('sha256')
  for (const path of Object.keys(files).sort()) hash.update(`${files[path]!.sha256} ${path}\n`)
  return hash.digest('hex').slice(0, 32)
}
