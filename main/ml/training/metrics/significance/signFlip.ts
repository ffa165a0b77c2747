/** The paired sign-flip permutation test, over clusters (Fisher 1935; Smucker 2007 for retrieval). */
import type { Random } from '../../random.js'

/**
 * Two-sided p of no difference: how often the sum of the clusters' differences, each with a sign drawn
 * at random, is as far from zero as it is. Exact for few clusters, otherwise by `rounds` draws; then
 * the observed signs count as one more, so p is never 0.
 *
 * @param sums per cluster the sum of its queries' differences
 */
export function signFlipP(sums: Float64Array, random: Random, rounds = permutations): number {
  // A cluster without a difference is the same under both signs.
  const moved = sums.filter((sum) => sum !== 0)
  const observed = Math.abs(moved.reduce((total, sum) => total + sum, 0))
  const size = moved.reduce((total, sum) => total + Math.abs(sum), 0)
  const reaches = observed - rounding * size
  if (moved.length <= exactClusters) return exactP(moved, reaches)
  let reached = 1
  for (let round = 0; round < rounds; round++) {
    if (Math.abs(randomlySigned(moved, random)) >= reaches) reached++
  }
  return reached / (rounds + 1)
}

const permutations = 9_999
const exactClusters = 12
/** Sums of the same numbers in another order differ by no more than this share of their size. */
const rounding = 1e-9

function exactP(sums: Float64Array, reaches: number): number {
  let reached = 0
  const patterns = 2 ** sums.length
  for (let pattern = 0; pattern < patterns; pattern++) {
    const total = sums.reduce((sum, value, i) => sum + ((pattern >> i) & 1 ? value : -value), 0)
    if (Math.abs(total) >= reaches) reached++
  }
  return reached / patterns
}

function randomlySigned(sums: Float64Array, random: Random): number {
  let total = 0
  let bits = 0
  for (let i = 0; i < sums.length; i++) {
    if (i % 32 === 0) bits = random.integer(2 ** 32)
    total += bits & 1 ? sums[i]! : -sums[i]!
    bits >>>= 1
  }
  return total
}
