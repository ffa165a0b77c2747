/** Gradients in float64 by central differences: no derivative is written down, so none can be wrong. */
import type { Weights } from './clipTowers.js'

/**
 * Leaves an error of about the step's square and of the rounding over the step: both near 1e-10 for
 * functions and numbers of about one.
 */
const step = 1e-5

/** The gradient of `value` by every number of every weight. */
export function differentiateNumerically(
  value: (weights: Weights) => number,
  weights: Weights,
): Map<string, Float64Array> {
  const gradients = new Map<string, Float64Array>()
  for (const [name, numbers] of weights) {
    const gradient = numbers.map((number, i) => {
      const at = (moved: number) => {
        numbers[i] = moved
        return value(weights)
      }
      const difference = at(number + step) - at(number - step)
      numbers[i] = number
      return difference / (2 * step)
    })
    gradients.set(name, gradient)
  }
  return gradients
}
