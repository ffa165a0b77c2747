/** The full rate after the warm-up. */
import { type Schedule, warmupFactor } from './schedule.js'

export const constant: Schedule = (progress, warmup) => warmupFactor(progress, warmup) ?? 1
