/** Builds trained low-rank adapters into the weights they stand beside. */
import type { Graph, TensorData } from '../../../onnx/graph.js'
import type { LowRankAdapter } from './lowRankAdapters.js'

/**
 * The graph as it was before it was adapted, with W + scale A B in place of each adapted weight W.
 *
 * @param weights A and B by their names; adapters that are not among them leave their layer alone
 */
export function mergeLowRank(
  graph: Graph,
  adapters: readonly LowRankAdapter[],
  weights: ReadonlyMap<string, Float32Array>,
): Graph {
  const initializers = new Map<string, TensorData>(graph.initializers)
  for (const adapter of adapters) {
    const [a, b] = [weights.get(adapter.down), weights.get(adapter.up)]
    const { weight } = adapter.matrix
    const tensor = initializers.get(weight)
    if (!a || !b || tensor?.type !== 'float32') continue
    initializers.set(weight, { ...tensor, data: addProduct(tensor.data, adapter, a, b) })
  }
  return { ...graph, initializers }
}

/** W + scale A B, each row of A B summed in float64. */
function addProduct(
  weight: Float32Array,
  { matrix: { from, to, transposed }, rank, scale }: LowRankAdapter,
  a: Float32Array,
  b: Float32Array,
): Float32Array {
  const result = weight.slice()
  const row = new Float64Array(to)
  for (let i = 0; i < from; i++) {
    row.fill(0)
    for (let k = 0; k < rank; k++) {
      const factor = scale * a[i * rank + k]!
      for (let j = 0; j < to; j++) row[j]! += factor * b[k * to + j]!
    }
    for (let j = 0; j < to; j++) result[transposed ? j * from + i : i * to + j]! += row[j]!
  }
  return result
}
