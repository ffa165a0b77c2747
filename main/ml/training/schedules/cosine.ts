/** Half a cosine from the full rate down to nothing (Loshchilov and Hutter 2017, without restarts). */
import { type Schedule, warmupFactor } from './schedule.js'

export const cosine: Schedule = (progress, warmup) => {
  const rising = warmupFactor(progress, warmup)
  if (rising !== null) return rising
  const decayed = (Math.min(progress, 1) - warmup) / Math.max(1 - warmup, 1e-9)
  return (1 + Math.cos(Math.PI * decayed)) / 2
}
