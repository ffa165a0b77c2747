/** The class whose vector is nearest; ties count against. */
import { cosineOf } from '../cosineOf.js'
import type { EmbeddingMatrix } from '../ranks.js'

/** @param classes one row per class; all rows of unit length */
export function nearestClass(
  images: EmbeddingMatrix,
  classes: EmbeddingMatrix,
  truth: Int32Array,
): Int32Array {
  return truth.map((own, row) => {
    const scores = Float64Array.from({ length: classes.rows }, (_, k) =>
      cosineOf(images, row, classes, k),
    )
    return chooseAgainst(scores, own)
  })
}

/** The best class; another one than `own` where that is as good. */
export function chooseAgainst(scores: ArrayLike<number>, own: number): number {
  let best = own
  for (let k = 0; k < scores.length; k++) {
    if (k === own) continue
    // Asked this way round, a score of `own` that is no number loses.
    if (best === own ? !(scores[k]! < scores[own]! - tieTolerance) : scores[k]! > scores[best]!)
      best = k
  }
  return best
}

/** Scores closer than float32 products can tell apart are ties. */
const tieTolerance = 1e-6
