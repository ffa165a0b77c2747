/** Keeps frequent training events down to what a person can follow. */
import type { TrainingEvent } from '../../../shared/domain/training.js'

/** Events that come often; of these, others may be dropped in favour of newer ones. */
const frequent: ReadonlySet<TrainingEvent['type']> = new Set(['step', 'preparing'])

/**
 * Passes events on, frequent ones at most once per `everyMs`. The last one that was held back is
 * passed before any event of another type, so that nobody sees an end without the last step.
 */
export function throttleEvents(
  pass: (event: TrainingEvent) => void,
  everyMs = 100,
  now: () => number = () => performance.now(),
): (event: TrainingEvent) => void {
  let lastMs = Number.NEGATIVE_INFINITY
  let held: TrainingEvent | null = null
  return (event) => {
    const { type } = event
    if (held !== null && held.type !== type) pass(held)
    held = null
    if (!frequent.has(type)) return pass(event)
    if (now() - lastMs < everyMs) {
      held = event
      return
    }
    lastMs = now()
    pass(event)
  }
}
