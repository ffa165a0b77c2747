/** Components of linked pictures in which models have learned from one. */
import type { LearnedIndex } from './learnedIndex.js'
import type { PictureEvidence } from './pictureEvidence.js'

/** @param components for each picture the index of its component's first one */
export function learnedComponents(
  components: Int32Array,
  { contents, fingerprints }: PictureEvidence,
  learned: LearnedIndex,
): ReadonlySet<number> {
  const found = new Set<number>()
  if (learned.size === 0) return found
  components.forEach((component, i) => {
    if (found.has(component)) return
    if (learned.has(contents[i] ?? null, fingerprints[i] ?? null)) found.add(component)
  })
  return found
}
