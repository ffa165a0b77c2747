/** Measures how long a run has trained, pauses and earlier sessions taken into account. */

/** A stopwatch in milliseconds. */
export interface Stopwatch {
  elapsedMs(): number
  hold(): void
  go(): void
}

/** A running stopwatch that already shows `elapsedMs`. */
export function startStopwatch(elapsedMs: number, now: () => number = performanceNow): Stopwatch {
  let shown = elapsedMs
  let since: number | null = now()
  return {
    elapsedMs: () => shown + (since === null ? 0 : now() - since),
    hold() {
      if (since !== null) shown += now() - since
      since = null
    },
    go() {
      since ??= now()
    },
  }
}

function performanceNow(): number {
  return performance.now()
}
