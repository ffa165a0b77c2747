/** What a random order of the gallery would reach. */

/**
 * Expected recall at k of a random order, where query i has `relevantCounts[i]` relevant items:
 * the mean of 1 - C(n - r, k) / C(n, k).
 */
export function chanceAtK(gallerySize: number, relevantCounts: Int32Array, k: number): number {
  if (relevantCounts.length === 0) return 0
  let sum = 0
  for (const relevant of relevantCounts) sum += 1 - missProbability(gallerySize, relevant, k)
  return sum / relevantCounts.length
}

/** The chance that none of the first k drawn from n without replacement is one of r. */
function missProbability(n: number, r: number, k: number): number {
  let miss = 1
  for (let drawn = 0; drawn < Math.min(k, n); drawn++) {
    miss *= Math.max(0, n - r - drawn) / (n - drawn)
  }
  return miss
}
