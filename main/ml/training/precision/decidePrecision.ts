/** The rule by which search takes 8-bit weights or not. */
import type { PrecisionMeasure } from '../../../../shared/domain/precision.js'

/** Points of recall; half a point is not noticed by anybody. */
const mostLost = 0.5
/** What is won must be more than what the clock errs by. */
const leastSpeedUp = 1.1
/** Fewer searches cannot tell half a point from none: one lost of 200 is half a point. */
export const fewestQueries = 200

/** Why full precision is kept; null where 8 bits do as well. */
export function reasonAgainstInt8(measure: PrecisionMeasure): string | null {
  const { recallLoss, imageSpeedUp, textSpeedUp, queries } = measure
  if (queries < fewestQueries) {
    return `${queries} searches are too few to judge by; it takes ${fewestQueries}`
  }
  if (!(recallLoss < mostLost)) {
    return `8 bits would lose ${recallLoss.toFixed(1)} points of recall, and ${mostLost} is the limit`
  }
  const speedUp = Math.min(imageSpeedUp, textSpeedUp)
  if (speedUp >= leastSpeedUp) return null
  return `8 bits would be no faster (${imageSpeedUp.toFixed(2)} times for pictures, ${textSpeedUp.toFixed(2)} for texts)`
}
