/** A straight line from the full rate down to nothing, after the warm-up. */
import { type Schedule, warmupFactor } from './schedule.js'

export const linear: Schedule = (progress, warmup) =>
  warmupFactor(progress, warmup) ?? (1 - Math.min(progress, 1)) / Math.max(1 - warmup, 1e-9)
