/** Brings the pairs of one picture together. */
import type { TrainingPair } from '../../../../shared/domain/training.js'

/**
 * One pair per picture, with all its captions and the first of its labels: a picture that came
 * twice in a batch would be its own negative.
 */
export function mergePairs(pairs: readonly TrainingPair[]): TrainingPair[] {
  const merged = new Map<string, TrainingPair>()
  for (const pair of pairs) {
    const known = merged.get(pair.image)
    if (known === undefined) {
      merged.set(pair.image, pair)
      continue
    }
    const label = known.label ?? pair.label
    merged.set(pair.image, {
      image: pair.image,
      captions: [...new Set([...known.captions, ...pair.captions])],
      ...(label === undefined ? {} : { label }),
    })
  }
  return [...merged.values()]
}
