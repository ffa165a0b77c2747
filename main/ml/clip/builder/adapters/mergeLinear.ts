/** Builds a linear adapter into an encoder's graph, as far as may be into a weight that is there. */
import type { Graph, GraphNode, TensorData } from '../../../onnx/graph.js'
import { countUses, findLastLinear, type LastLinear } from '../lastLinear.js'
import { appendNodes, namesOf, unusedName } from './appendNodes.js'
import { checkDims } from './checkDims.js'

/** y -> y (I + residual) + bias on embeddings of `bias.length` numbers; `residual` is row-major. */
export interface LinearChange {
  readonly residual: Float32Array
  readonly bias: Float32Array
}

/**
 * The graph with `output` [batch, dim] adapted. Where it comes from a product with a float32 weight
 * that nothing else uses, the adapter goes into that weight; otherwise one Gemm is appended.
 *
 * @throws AppError SHAPE_MISMATCH if the adapter is not for this many dimensions
 */
export function mergeLinear(graph: Graph, output: string, adapter: LinearChange): Graph {
  checkDims(graph, output, adapter.bias.length)
  const last = findLastLinear(graph, output)
  return last ? mergeIntoLast(graph, last, adapter) : appendGemm(graph, output, adapter)
}

/** (x W + c)(I + R) + b = x (W (I + R)) + (c (I + R) + b). */
function mergeIntoLast(graph: Graph, last: LastLinear, adapter: LinearChange): Graph {
  const [from, to] = last.dims
  const weight = adaptRows(last.weight, from, adapter.residual, to)
  const shifted = adaptRows(last.bias, 1, adapter.residual, to)
  const bias = shifted.map((value, i) => value + adapter.bias[i]!)
  const used = namesOf(graph)
  const names = {
    weight: unusedName(used, 'adapted/weight'),
    bias: unusedName(used, 'adapted/bias'),
  }
  const initializers = new Map<string, TensorData>(graph.initializers)
  initializers.set(names.weight, { type: 'float32', dims: [from, to], data: weight })
  initializers.set(names.bias, { type: 'float32', dims: [to], data: bias })
  const inputs = [last.node.inputs[0]!, names.weight, names.bias]
  const merged: GraphNode = { ...last.node, opType: 'Gemm', inputs, attributes: {} }
  const nodes = graph.nodes.map((node) => (node === last.node ? merged : node))
  return dropUnused({ ...graph, nodes, initializers }, last.node.inputs.slice(1))
}

/** x (I + R) for `rows` rows, summed in float64. */
function adaptRows(
  x: Float32Array,
  rows: number,
  residual: Float32Array,
  dim: number,
): Float32Array {
  const result = new Float32Array(x.length)
  const sums = new Float64Array(dim)
  for (let row = 0; row < rows; row++) {
    for (let j = 0; j < dim; j++) sums[j] = x[row * dim + j]!
    for (let k = 0; k < dim; k++) {
      const value = x[row * dim + k]!
      for (let j = 0; j < dim; j++) sums[j]! += value * residual[k * dim + j]!
    }
    result.set(sums, row * dim)
  }
  return result
}

function appendGemm(graph: Graph, output: string, { residual, bias }: LinearChange): Graph {
  const dim = bias.length
  const identity = residual.map((value, k) => value + (k % (dim + 1) === 0 ? 1 : 0))
  return appendNodes(graph, output, (b) =>
    b.op('Gemm', [
      b.before,
      b.weight('weight', { dims: [dim, dim], data: identity }),
      b.weight('bias', { dims: [dim], data: bias.slice() }),
    ]),
  )
}

function dropUnused(graph: Graph, names: readonly string[]): Graph {
  const initializers = new Map(graph.initializers)
  for (const name of names) if (countUses(graph, name) === 0) initializers.delete(name)
  return { ...graph, initializers }
}
