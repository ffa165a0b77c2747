/** One vector for all that is looked for, and what is usual for vectors that are made like it. */
import { AppError } from '../../../shared/errors.js'
import { dot } from '../vectors/vectorMatrix.js'

/** The embedding of one thing looked for. */
export interface QueryPart {
  /** Words, or a picture (a photo of the library or another). */
  readonly kind: 'text' | 'picture'
  /** [dim], of length 1. */
  readonly vector: Float32Array
  /** Below 0 for what is not wanted. */
  readonly weight: number
}

/** The direction of the weighted sum of the parts, and how much of it is of which kind. */
export interface ComposedQuery {
  /** [dim], of length 1. */
  readonly vector: Float32Array
  readonly text: Share
  readonly picture: Share
}

/** Of the weights of one kind, over the length of the sum. */
interface Share {
  readonly sum: number
  readonly squares: number
}

/** @throws AppError INVALID_ARGUMENT if the parts cancel out */
export function composeQuery(parts: readonly QueryPart[]): ComposedQuery {
  const total = new Float32Array(parts[0]!.vector.length)
  for (const { vector, weight } of parts) {
    for (let i = 0; i < total.length; i++) total[i]! += weight * vector[i]!
  }
  const length = Math.sqrt(dot(total, 0, total))
  if (length < 1e-4) {
    throw new AppError('INVALID_ARGUMENT', {
      argument: 'search',
      problem: 'the things looked for cancel each other out',
    })
  }
  const share = (kind: QueryPart['kind']): Share => {
    const weights = parts.filter((part) => part.kind === kind).map((part) => part.weight / length)
    return {
      sum: weights.reduce((sum, weight) => sum + weight, 0),
      squares: weights.reduce((sum, weight) => sum + weight * weight, 0),
    }
  }
  return {
    vector: total.map((value) => value / length),
    text: share('text'),
    picture: share('picture'),
  }
}

/** What one kind of generic thing, phrases or pictures, is like to the pictures of a library. */
export interface GenericKind {
  /** [dim]: its product with a picture is the mean similarity. */
  readonly mean: Float32Array
  readonly deviation: number
}

/**
 * The deviation of queries of this form, as if each part were replaced by a random generic thing of
 * its kind: the variances of what is chosen independently add up.
 */
export function deviationOf(
  { text, picture }: ComposedQuery,
  kinds: Readonly<Record<QueryPart['kind'], GenericKind>>,
): number {
  return Math.sqrt(
    text.squares * kinds.text.deviation ** 2 + picture.squares * kinds.picture.deviation ** 2,
  )
}

/**
 * The mean similarity of such queries to each picture: that of phrases and that of pictures, as far
 * as the query is made of either.
 *
 * @param meansOf the means of one kind, by picture; only asked for where they count
 */
export function meansOfForm(
  { text, picture }: ComposedQuery,
  meansOf: (kind: QueryPart['kind']) => Float32Array,
): Float32Array {
  if (picture.sum === 0) return meansOf('text').map((mean) => text.sum * mean)
  const pictures = meansOf('picture')
  if (text.sum === 0) return pictures.map((mean) => picture.sum * mean)
  return meansOf('text').map((mean, place) => text.sum * mean + picture.sum * pictures[place]!)
}

/**
 * Measures what generic things reach.
 *
 * @param things vectors of phrases, or of pictures
 * @param pictures vectors from all over the library
 */
export function measureGeneric(
  things: readonly Float32Array[],
  pictures: readonly Float32Array[],
  dim: number,
): GenericKind {
  const mean = new Float32Array(dim)
  for (const thing of things) for (let i = 0; i < dim; i++) mean[i]! += thing[i]! / things.length
  let count = 0
  let sum = 0
  let squares = 0
  for (const thing of things) {
    for (const picture of pictures) {
      // Nothing is learned from what a picture has in common with itself.
      if (thing === picture) continue
      const similarity = dot(picture, 0, thing)
      count++
      sum += similarity
      squares += similarity * similarity
    }
  }
  const variance = count < 2 ? 0 : squares / count - (sum / count) ** 2
  return { mean, deviation: Math.max(leastDeviation, Math.sqrt(Math.max(0, variance))) }
}

/** Of libraries of a single photo, or of copies of one. */
const leastDeviation = 0.02
