/** How long a lesson will about take, from how long the encoders take for one photo. */
import type { TeachEstimate } from '../../shared/domain/teaching.js'
import { teachSpec } from './teachSpec.js'

/** What beginning and ending take whatever the photos: processes, sessions, files. */
const startSeconds = 10
/** Photos held out are encoded before and after, and texts beside the photos, which take less. */
const encodings = 1.5

/**
 * [Note: no time for learning deeply]
 * What `deep` takes depends on how much of an encoder lies before its first attention, which is computed
 * once; that can be nearly all of it, as with the starter. So nothing is foretold; how long is left shows
 * once it has begun.
 */
export function estimateLesson(pairs: number, secondsPerPhoto: number): TeachEstimate {
  const encoding = startSeconds + encodings * pairs * secondsPerPhoto
  const { minutes } = teachSpec({
    method: 'scratch',
    from: '',
    minutes: null,
    pairs,
    device: 'cpu',
  })
  return { quick: encoding, scratch: encoding + 60 * minutes! }
}
