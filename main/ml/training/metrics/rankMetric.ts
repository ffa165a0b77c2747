/** What a rank metric is: a figure of each query, and how figures become one. */

/** A figure made of the ranks of what is relevant to one query. */
export interface RankMetric {
  /** @param ranks of the relevant items, rising from 1; never empty */
  readonly ofQuery: (ranks: Int32Array) => number
  readonly over: Summary
}

/**
 * Makes one figure of many: given the values once, then as often as wanted how often each counts
 * (whole numbers, as a bootstrap draws them). 0 where nothing counts.
 */
export type Summary = (values: Float64Array) => (weights: Float64Array) => number

/** The mean. */
export const mean: Summary = (values) => (weights) => {
  let [sum, total] = [0, 0]
  for (let i = 0; i < values.length; i++) {
    sum += weights[i]! * values[i]!
    total += weights[i]!
  }
  return total === 0 ? 0 : sum / total
}

/** The median; the mean of the middle two of an even number. */
export const median: Summary = (values) => {
  const order = Int32Array.from(values.keys()).sort((a, b) => values[a]! - values[b]!)
  return (weights) => {
    const total = weights.reduce((sum, weight) => sum + weight, 0)
    if (total === 0) return 0
    const at = (place: number) => {
      let passed = 0
      for (const i of order) {
        passed += weights[i]!
        if (passed > place) return values[i]!
      }
      return 0
    }
    const middle = Math.floor(total / 2)
    return total % 2 === 1 ? at(middle) : (at(middle - 1) + at(middle)) / 2
  }
}
