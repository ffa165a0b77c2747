/** Compares a model's 8-bit encoders with those in full precision: what searches lose, what time is won. */
import type { PrecisionMeasure } from '../../../../shared/domain/precision.js'
import type { EncoderPrecision, ModelDirectory } from '../../clip/modelDirectory.js'
import { embedPicturesInBoth, embedTextsInBoth } from './embedInBoth.js'

/** What is searched, and what for. */
export interface PrecisionSamples {
  /** Absolute paths of pictures. */
  readonly pictures: readonly string[]
  readonly texts: readonly string[]
}

export interface MeasureOptions {
  readonly threads: number
  readonly signal: AbortSignal
  /** No more pictures are looked at once it is spent; without one, all are. */
  readonly budgetMs?: number
}

/** The best answer must be among so many with 8 bits, or the search counts as lost. */
const answersKept = 5

/**
 * Every text and every picture is searched for among the pictures, in both precisions. What full
 * precision finds first, itself left out, counts as the right answer: the loss is the share of
 * searches, in points, that do not have it among the first five with 8 bits.
 *
 * @param model with both kinds of encoders
 */
export async function measurePrecision(
  model: ModelDirectory,
  { pictures, texts }: PrecisionSamples,
  { threads, signal, budgetMs = Number.POSITIVE_INFINITY }: MeasureOptions,
): Promise<PrecisionMeasure> {
  const options = { threads, signal, deadlineMs: performance.now() + budgetMs }
  const images = await embedPicturesInBoth(model, pictures, options)
  const words = await embedTextsInBoth(model, texts, options)
  const dim = model.embeddingDim
  const gallery = images.rows.full.length / dim
  const rows = {
    full: joinRows(images.rows.full, words.rows.full),
    search: joinRows(images.rows.search, words.rows.search),
  }
  const queries = rows.full.length / dim
  return {
    recallLoss: queries === 0 ? 0 : (100 * countLost(rows, gallery, dim)) / queries,
    leastCosine: leastCosine(rows, dim),
    queries,
    imageSpeedUp: images.speedUp,
    textSpeedUp: words.speedUp,
  }
}

type Rows = Readonly<Record<EncoderPrecision, Float32Array>>

function countLost({ full, search }: Rows, gallery: number, dim: number): number {
  let lost = 0
  for (let query = 0; query < full.length / dim; query++) {
    const right = bestOf(cosines(full, query, gallery, dim), query)
    if (right === null) continue
    const found = cosines(search, query, gallery, dim)
    // Ties count against: embeddings that have all become alike find nothing.
    const before = found.filter(
      (cosine, i) => i !== query && i !== right && cosine >= found[right]!,
    ).length
    if (before >= answersKept) lost++
  }
  return lost
}

/** With each picture of the gallery. */
function cosines(rows: Float32Array, query: number, gallery: number, dim: number): Float64Array {
  return Float64Array.from({ length: gallery }, (_, i) => product(rows, query, rows, i, dim))
}

/** The place of the greatest, the query itself left out. */
function bestOf(values: Float64Array, query: number): number | null {
  let best: number | null = null
  for (let i = 0; i < values.length; i++) {
    if (i !== query && (best === null || values[i]! > values[best]!)) best = i
  }
  return best
}

function leastCosine({ full, search }: Rows, dim: number): number {
  let least = 1
  for (let row = 0; row < full.length / dim; row++) {
    least = Math.min(least, product(full, row, search, row, dim))
  }
  return least
}

function product(a: Float32Array, i: number, b: Float32Array, j: number, dim: number): number {
  let sum = 0
  for (let k = 0; k < dim; k++) sum += a[i * dim + k]! * b[j * dim + k]!
  return sum
}

function joinRows(a: Float32Array, b: Float32Array): Float32Array {
  const all = new Float32Array(a.length + b.length)
  all.set(a)
  all.set(b, a.length)
  return all
}
