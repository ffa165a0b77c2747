/** learned-pictures.json: which pictures a model has learned from, as short fingerprints of them. */
import { join } from 'node:path'
import { z } from 'zod'
import { AppError } from '../../../../shared/errors.js'
import type { ModelDirectory } from '../modelDirectory.js'
import { readJson } from '../readJson.js'
import { learnedPicturesName, type SemblanceFile } from './semblanceFile.js'

/*
 * [Note: what a model has learned from]
 * Figures on pictures that a model has learned from show it as better than it is, and so do figures of
 * its children. So a model keeps fingerprints of its own and its parents' pictures: 19 bytes each, by
 * which a picture is known again, also smaller or saved anew, but which it cannot be drawn from.
 * Pictures that were chosen by count as learned from.
 */

/** How a picture is known again. */
export interface LearnedPicture {
  /** The first 16 hexadecimal digits of the SHA-256 of the file's bytes. */
  readonly content: string
  /** 64 bits of a perceptual hash, as two unsigned halves. */
  readonly high: number
  readonly low: number
  /** Mean red, green and blue, 0-255. */
  readonly colour: readonly [number, number, number]
}

export interface LearnedPictures {
  readonly pictures: readonly LearnedPicture[]
  /** False where a parent was trained here before its pictures were kept, or there were too many. */
  readonly complete: boolean
}

/** 8 bytes of the content's hash, 8 of the perceptual hash, 3 of the colour. */
const bytesEach = 19
/** 25 MB of text; what is older is left out then. */
const mostPictures = 1_000_000

const fileSchema = z.object({
  formatVersion: z.literal(1, 'was written by a newer Semblance; update this one'),
  complete: z.boolean(),
  pictures: z
    .base64()
    .max(Math.ceil((mostPictures * bytesEach) / 3) * 4)
    .transform((text) => Buffer.from(text, 'base64'))
    .refine((bytes) => bytes.length % bytesEach === 0, 'does not hold whole fingerprints'),
})

/** What a model says in semblance.json of its list; null for one without. */
export type LearnedPicturesCard = SemblanceFile['learnedPictures']

/** The list with what `older` has besides; of more than `most` pictures the newer ones. */
export function joinLearned(
  newer: LearnedPictures,
  older: LearnedPictures | null,
  most = mostPictures,
): LearnedPictures {
  const byContent = new Map<string, LearnedPicture>()
  for (const picture of [...newer.pictures, ...(older?.pictures ?? [])]) {
    if (!byContent.has(picture.content)) byContent.set(picture.content, picture)
  }
  const pictures = [...byContent.values()]
  const complete = newer.complete && (older?.complete ?? true) && pictures.length <= most
  return { pictures: pictures.slice(0, most), complete }
}

/** The text of the file; the same pictures always give the same text. */
export function writeLearned({ pictures, complete }: LearnedPictures): string {
  const bytes = Buffer.alloc(pictures.length * bytesEach)
  const sorted = pictures.toSorted((a, b) => (a.content < b.content ? -1 : 1))
  for (const [i, { content, high, low, colour }] of sorted.entries()) {
    const at = i * bytesEach
    bytes.write(content, at, 'hex')
    bytes.writeUInt32BE(high, at + 8)
    bytes.writeUInt32BE(low, at + 12)
    bytes.set(colour.map(Math.round), at + 16)
  }
  const file = { formatVersion: 1, complete, pictures: bytes.toString('base64') }
  return `${JSON.stringify(file)}\n`
}

/** The file at `path`. @throws AppError MODEL_INVALID naming it */
export async function readLearnedFile(path: string): Promise<LearnedPictures> {
  const { complete, pictures: bytes } = await readJson(path, fileSchema)
  const pictures = Array.from({ length: bytes.length / bytesEach }, (_, i): LearnedPicture => {
    const at = i * bytesEach
    return {
      content: bytes.toString('hex', at, at + 8),
      high: bytes.readUInt32BE(at + 8),
      low: bytes.readUInt32BE(at + 12),
      colour: [bytes[at + 16]!, bytes[at + 17]!, bytes[at + 18]!],
    }
  })
  return { pictures, complete }
}

/**
 * What a model learned from, its parents included; null of one that was not trained here. One that was
 * trained before this was kept has an empty list that is not complete. The starter's pictures are told
 * of in its README.md.
 *
 * @throws AppError MODEL_INVALID naming the file that is missing or damaged
 */
export async function readLearned({
  path,
  manifest,
  files,
}: Pick<ModelDirectory, 'path' | 'manifest' | 'files'>): Promise<LearnedPictures | null> {
  const card = manifest?.learnedPictures ?? null
  if (card === null) return isTrainedHere(manifest) ? { pictures: [], complete: false } : null
  if (card.file === null) return { pictures: [], complete: card.complete }
  const file = join(path, card.file)
  if (!(card.file in files)) {
    const reason = 'semblance.json names it, but does not list it among its files'
    throw new AppError('MODEL_INVALID', { path: file, reason })
  }
  return readLearnedFile(file)
}

function isTrainedHere(manifest: SemblanceFile | null): boolean {
  return (manifest?.trainingReport ?? null) !== null && manifest?.method !== 'starter'
}

/**
 * What a model's semblance.json says where the model is its parent as that was: it has learned from
 * nothing else, and has no other files.
 */
export function inheritLearned({
  manifest,
}: Pick<ModelDirectory, 'manifest'>): LearnedPicturesCard {
  const card = manifest?.learnedPictures ?? null
  if (card !== null || isTrainedHere(manifest)) return card
  return { file: null, pictures: 0, complete: true }
}

/** What semblance.json says of a list. */
export function describeLearned({ pictures, complete }: LearnedPictures): LearnedPicturesCard {
  return { file: learnedPicturesName, pictures: pictures.length, complete }
}
