/** What would be learned from some pairs, what stands against it, and how they are split. */
import type { TeachPreview } from '../../shared/domain/teaching.js'
import { normaliseCaption } from '../ml/training/sampling/groups.js'
import { packNumbers } from '../platform/packNumbers.js'
import { type LessonPairs, toTeachPair } from './collectPairs.js'

/** With fewer pairs nothing but chance would be learned. */
const leastPairs = 20
/** With fewer, gains are small and hardly told from chance. */
const enoughPairs = 200
/** Fewer held-out pictures than this measure nothing; more only take time. */
const leastHeldOut = 10
const wantedHeldOut = 20
const mostHeldOut = 1_000
const examplesShown = 12

/** Shares of the pairs that are not trained on. */
export interface LessonSplit {
  readonly holdOut: number
  readonly validation: number
}

/** Of few pairs a larger share is held out, as a handful measures nothing; of many, no more than needed. */
export function lessonSplit(pairs: number): LessonSplit {
  const share = Math.min(0.25, Math.max(0.1, wantedHeldOut / pairs), mostHeldOut / pairs)
  return { holdOut: share, validation: Math.min(0.2, share) }
}

/** How many would be held out. */
function heldOutOf(pairs: number): number {
  const wanted = Math.round(pairs * lessonSplit(pairs).holdOut)
  return wanted < leastHeldOut ? 0 : wanted
}

export function previewLesson(lesson: LessonPairs): TeachPreview {
  const { photos, pairs, byWords } = lesson
  const obstacle = obstacleTo(lesson)
  const step = Math.max(1, pairs.length / examplesShown)
  const examples = Array.from(
    { length: Math.min(examplesShown, pairs.length) },
    (_, i) => pairs[Math.floor(i * step)]!,
  )
  return {
    photos,
    pairs: pairs.length,
    ids: packNumbers(Uint32Array.from(pairs, ({ photoId }) => photoId)),
    heldOut: heldOutOf(pairs.length),
    byWords,
    examples: examples.map(toTeachPair),
    warnings: [...(obstacle === null ? [] : [obstacle]), ...cautions(lesson)],
    possible: obstacle === null,
  }
}

/** Why nothing can be learned from these pairs; null if something can. */
export function obstacleTo({ photos, pairs }: LessonPairs): string | null {
  if (photos === 0) return 'There are no photos here to learn from.'
  if (pairs.length < leastPairs) {
    return `Only ${pairs.length} of ${photos} photos have words to learn from; at least ${leastPairs} are needed. Give photos captions or tags, or choose more kinds of words.`
  }
  if (meanings({ pairs }) < 2) {
    return 'All these photos have the same words, so there is nothing to tell them apart by.'
  }
  return null
}

function cautions(lesson: LessonPairs): string[] {
  const { pairs, offline } = lesson
  const warnings: string[] = []
  const count = pairs.length
  if (count >= leastPairs && count < enoughPairs) {
    warnings.push(
      `${count} photos with words are few: expect little, and look closely at the result. ${enoughPairs} or more teach far better.`,
    )
  }
  if (count >= leastPairs && heldOutOf(count) === 0) {
    warnings.push('None can be held out of so few, so nothing can be measured afterwards.')
  }
  const distinct = meanings(lesson)
  if (distinct > 1 && count >= leastPairs && distinct * 10 < count) {
    warnings.push(
      `The ${count} photos have only ${distinct} different captions: it will learn to tell these apart, and little else.`,
    )
  }
  if (offline > 0) {
    warnings.push(`${offline} photos with words are on folders that are offline and are left out.`)
  }
  return warnings
}

function meanings({ pairs }: Pick<LessonPairs, 'pairs'>): number {
  return new Set(pairs.flatMap(({ captions }) => captions.map(normaliseCaption))).size
}
