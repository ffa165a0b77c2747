/** What a learning-rate schedule is. */

/**
 * The factor on the learning rate, 0 to 1, at a point of the run.
 *
 * @param progress 0 at the first step, towards 1 at the last, counted in steps or in minutes
 * @param warmup the share of the run over which the rate rises from nothing, 0 to 1
 */
export type Schedule = (progress: number, warmup: number) => number

/** The rising part that all schedules share, or null after it. */
export function warmupFactor(progress: number, warmup: number): number | null {
  // A thousandth, so that the very first step is not spent at a rate of zero.
  return progress < warmup ? Math.max(progress / warmup, 1e-3) : null
}
