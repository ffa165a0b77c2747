/** Vectors for what is looked for, and what is usual for vectors that are made like them. */
import { dot } from '../../platform/vectors/dot.js'
import { RowBlocks } from '../../platform/vectors/rowBlocks.js'

/** The embedding of one thing looked for. */
export interface QueryPart {
  /** Words, or a picture (a photo of the library or another). */
  readonly kind: 'text' | 'picture'
  /** [dim], of length 1. */
  readonly vector: Float32Array
  /** Below 0 for what is not wanted. */
  readonly weight: number
}

/** The direction of a weighted sum of parts, and how much of it is of which kind. */
export interface Direction {
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

export interface ComposedQuery {
  readonly wanted: Direction
  /** Each unwanted thing by itself, with a weight above 0. */
  readonly unwanted: readonly { readonly direction: Direction; readonly weight: number }[]
}

/**
 * Joins what is wanted into one direction. What is unwanted stays apart: taken off the sum, "cat"
 * would take most of "animal" with it, and hamburgers would be the animals that are no cats. Where
 * nothing is wanted, the query points away from what is unwanted.
 */
export function composeQuery(parts: readonly QueryPart[]): ComposedQuery {
  const wanted = parts.filter(({ weight }) => weight > 0)
  if (wanted.length === 0) return { wanted: sumUp(parts), unwanted: [] }
  const unwanted = parts
    .filter(({ weight }) => weight < 0)
    .map((part) => ({ direction: sumUp([{ ...part, weight: 1 }]), weight: -part.weight }))
  return { wanted: sumUp(wanted), unwanted }
}

function sumUp(parts: readonly QueryPart[]): Direction {
  const total = new Float32Array(parts[0]!.vector.length)
  for (const { vector, weight } of parts) {
    for (let i = 0; i < total.length; i++) total[i]! += weight * vector[i]!
  }
  // Opposite things leave next to nothing, which is similar to nothing.
  const length = Math.max(1e-3, Math.sqrt(dot(total, 0, total)))
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
 * The deviation of directions of this form, as if each part were replaced by a random generic thing of
 * its kind: the variances of what is chosen independently add up.
 */
export function deviationOf(
  { text, picture }: Direction,
  kinds: Readonly<Record<QueryPart['kind'], GenericKind>>,
): number {
  return Math.sqrt(
    text.squares * kinds.text.deviation ** 2 + picture.squares * kinds.picture.deviation ** 2,
  )
}

/**
 * The mean similarity of such directions to each picture: that of phrases and that of pictures, as far
 * as the direction is made of either.
 *
 * @param meansOf the means of one kind, by picture; only asked for where they count
 */
export function meansOfForm(
  { text, picture }: Direction,
  meansOf: (kind: QueryPart['kind']) => Float32Array,
): Float32Array {
  if (picture.sum === 0) return addWeighted(null, meansOf('text'), text.sum)
  const pictures = addWeighted(null, meansOf('picture'), picture.sum)
  return text.sum === 0 ? pictures : addWeighted(pictures, meansOf('text'), text.sum)
}

/** Adds to `sums`, or to zeros. */
function addWeighted(
  sums: Float32Array | null,
  values: Float32Array,
  weight: number,
): Float32Array {
  const added = sums ?? new Float32Array(values.length)
  for (let place = 0; place < added.length; place++) added[place]! += weight * values[place]!
  return added
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
  const block = new RowBlocks(dim, pictures.length).append()
  for (const [row, picture] of pictures.entries()) block.vectors.set(picture, row * dim)
  for (const thing of things) {
    block.products(thing, pictures.length).forEach((similarity, row) => {
      // Nothing is learned from what a picture has in common with itself.
      if (thing === pictures[row]) return
      count++
      sum += similarity
      squares += similarity * similarity
    })
  }
  const variance = count < 2 ? 0 : squares / count - (sum / count) ** 2
  return { mean, deviation: Math.max(leastDeviation, Math.sqrt(Math.max(0, variance))) }
}

/** Of libraries of a single photo, or of copies of one. */
const leastDeviation = 0.02
