/** Finds how sharply a model's cosines tell its pairs apart, where the model does not say. */
import { logitScaleRange } from '../losses/scalars.js'
import type { PairCosines } from './pairCosines.js'

/** Steps of the search; the loss is flat around its minimum. */
const steps = 48

/**
 * theta, within its range, at which symmetric InfoNCE over these pairs is least; their texts are to
 * be all different.
 */
export function fitLogitScale(cosines: PairCosines): number {
  const { min, max } = logitScaleRange
  let best = { theta: min, loss: Number.POSITIVE_INFINITY }
  for (let step = 0; step <= steps; step++) {
    const theta = min + ((max - min) * step) / steps
    const loss = infonceOf(cosines, Math.exp(theta))
    if (loss < best.loss) best = { theta, loss }
  }
  return best.theta
}

/** The mean over both directions. */
function infonceOf({ values, count }: PairCosines, scale: number): number {
  const rows = new Float64Array(count)
  const columns = new Float64Array(count)
  let own = 0
  for (let i = 0; i < count; i++) {
    own += scale * values[i * count + i]!
    for (let j = 0; j < count; j++) {
      // At most exp(100): no maximum needs to be taken out of the sum.
      const value = Math.exp(scale * values[i * count + j]!)
      rows[i]! += value
      columns[j]! += value
    }
  }
  let sum = -2 * own
  for (let i = 0; i < count; i++) sum += Math.log(rows[i]!) + Math.log(columns[i]!)
  return sum / (2 * count)
}
