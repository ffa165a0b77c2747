/** What a vector index must answer, worked out the plain way in float64. */
import type { VectorHit } from '../../../main/search/vectorIndex.js'

export function bruteForce(
  vectors: ReadonlyMap<number, Float32Array>,
  query: Float32Array,
  k: number,
  allow?: ReadonlySet<number>,
): VectorHit[] {
  return [...vectors]
    .filter(([key]) => allow?.has(key) ?? true)
    .map(([key, vector]) => ({ key, score: cosine(vector, query) }))
    .sort((a, b) => b.score - a.score || a.key - b.key)
    .slice(0, k)
}

function cosine(a: Float32Array, b: Float32Array): number {
  let dot = 0
  let aa = 0
  let bb = 0
  for (let i = 0; i < a.length; i++) {
    dot += a[i]! * b[i]!
    aa += a[i]! * a[i]!
    bb += b[i]! * b[i]!
  }
  return aa * bb === 0 ? 0 : dot / Math.sqrt(aa * bb)
}

/** Share of the right keys among the hits. */
export function recallOf(hits: readonly VectorHit[], right: readonly VectorHit[]): number {
  const keys = new Set(hits.map(({ key }) => key))
  return right.filter(({ key }) => keys.has(key)).length / right.length
}
