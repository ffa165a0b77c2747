/** Random unit vectors in clusters, as embeddings lie, made from a seed. */
import { createRandom, type Random } from '../main/ml/training/random.js'

export interface ClusterOptions {
  readonly dim: number
  /** How many directions the vectors gather around. */
  readonly clusters: number
  /** Length of the noise on a cluster's direction, which has length 1. */
  readonly spread: number
  readonly seed: number
}

/** A source of vectors [dim], each from a random cluster. */
export function clusteredVectors(options: ClusterOptions): () => Float32Array<ArrayBuffer> {
  const { dim, clusters, spread, seed } = options
  const random = createRandom(seed)
  const centres = Array.from({ length: clusters }, () => toUnit(gaussians(dim, random)))
  return vectorsAround(centres, spread, random)
}

/** A source of vectors [dim], each from one of the directions `centres`, at random. */
export function vectorsAround(
  centres: readonly Float32Array[],
  spread: number,
  random: Random,
): () => Float32Array<ArrayBuffer> {
  const dim = centres[0]!.length
  const noise = spread / Math.sqrt(dim)
  return () => {
    const vector = gaussians(dim, random)
    const centre = centres[random.integer(centres.length)]!
    for (let i = 0; i < dim; i++) vector[i] = centre[i]! + noise * vector[i]!
    return toUnit(vector)
  }
}

/** Normal numbers by Box and Muller (1958). */
function gaussians(length: number, random: Random): Float32Array<ArrayBuffer> {
  const values = new Float32Array(length)
  for (let i = 0; i < length; i++) {
    const radius = Math.sqrt(-2 * Math.log(1 - random.next()))
    values[i] = radius * Math.cos(2 * Math.PI * random.next())
  }
  return values
}

function toUnit(vector: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
  let squares = 0
  for (const value of vector) squares += value * value
  const scale = 1 / Math.sqrt(squares)
  for (let i = 0; i < vector.length; i++) vector[i]! *= scale
  return vector
}
