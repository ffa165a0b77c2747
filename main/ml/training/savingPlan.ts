/** When to save: a small model every second, so that little is lost; one that takes seconds, seldom. */

/** Of what passes between two saves, the most that a save may take. */
const savingShare = 0.05
/** Of the longest time between two saves, the shortest. */
const shortestPart = 1 / 30

export interface SavingPlan {
  isDue(nowMs: number): boolean
  /** Tells of a save. */
  note(beganMs: number, endedMs: number): void
}

/** @param longestMs between two saves, however long one takes: the most that a kill may cost */
export function planSaves(longestMs: number, startedMs: number): SavingPlan {
  const shortestMs = longestMs * shortestPart
  let [savedMs, waitMs] = [startedMs, shortestMs]
  return {
    isDue: (nowMs) => nowMs - savedMs >= waitMs,
    note(beganMs, endedMs) {
      savedMs = endedMs
      waitMs = Math.min(longestMs, Math.max(shortestMs, (endedMs - beganMs) / savingShare))
    },
  }
}
