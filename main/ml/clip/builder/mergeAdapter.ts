/** Builds a trained adapter into an encoder's graph, so that the saved model needs nothing extra. */

import { AppError } from '../../../../shared/errors.js'
import type { Graph, GraphNode, TensorData } from '../../onnx/graph.js'
import { countUses, findLastLinear, type LastLinear } from './lastLinear.js'

/** y -> y (I + residual) + bias on embeddings of `bias.length` numbers; `residual` is row-major. */
export interface Adapter {
  readonly residual: Float32Array
  readonly bias: Float32Array
}

/**
 * The graph with `output` [batch, dim] adapted. Where it comes from a product with a float32 weight
 * that nothing else uses, the adapter goes into that weight; otherwise one Gemm is appended.
 *
 * @throws AppError SHAPE_MISMATCH if the adapter is not for this many dimensions
 */
export function mergeAdapter(graph: Graph, output: string, adapter: Adapter): Graph {
  checkSizes(graph, output, adapter)
  const last = findLastLinear(graph, output)
  return last ? mergeIntoLast(graph, last, adapter) : appendGemm(graph, output, adapter)
}

function checkSizes(graph: Graph, output: string, { residual, bias }: Adapter): void {
  const shape = graph.outputs.find((o) => o.name === output)?.shape
  const dim = shape?.at(-1)
  const fits =
    residual.length === bias.length ** 2 && (typeof dim === 'string' || dim === bias.length)
  if (shape && fits) return
  const problem = `an adapter of ${bias.length} dimensions does not fit output ${output} [${shape}]`
  throw new AppError('SHAPE_MISMATCH', { where: graph.name, problem })
}

/** (x W + c)(I + R) + b = x (W (I + R)) + (c (I + R) + b). */
function mergeIntoLast(graph: Graph, last: LastLinear, adapter: Adapter): Graph {
  const [from, to] = last.dims
  const weight = adaptRows(last.weight, from, adapter.residual, to)
  const shifted = adaptRows(last.bias, 1, adapter.residual, to)
  const bias = shifted.map((value, i) => value + adapter.bias[i]!)
  const names = {
    weight: unusedName(graph, 'adapted/weight'),
    bias: unusedName(graph, 'adapted/bias'),
  }
  const initializers = new Map<string, TensorData>(graph.initializers)
  initializers.set(names.weight, { type: 'float32', dims: [from, to], data: weight })
  initializers.set(names.bias, { type: 'float32', dims: [to], data: bias })
  const merged = gemm(last.node, [last.node.inputs[0]!, names.weight, names.bias])
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

function appendGemm(graph: Graph, output: string, { residual, bias }: Adapter): Graph {
  const before = unusedName(graph, `${output}/unadapted`)
  const names = {
    weight: unusedName(graph, 'adapted/weight'),
    bias: unusedName(graph, 'adapted/bias'),
  }
  const rename = (name: string) => (name === output ? before : name)
  const nodes = graph.nodes.map((node) => ({
    ...node,
    inputs: node.inputs.map(rename),
    outputs: node.outputs.map(rename),
  }))
  const dim = bias.length
  const identity = residual.map((value, k) => value + (k % (dim + 1) === 0 ? 1 : 0))
  const initializers = new Map<string, TensorData>(graph.initializers)
  initializers.set(names.weight, { type: 'float32', dims: [dim, dim], data: identity })
  initializers.set(names.bias, { type: 'float32', dims: [dim], data: bias.slice() })
  const adapted = { name: unusedName(graph, 'adapter'), outputs: [output] }
  return {
    ...graph,
    nodes: [...nodes, gemm(adapted, [before, names.weight, names.bias])],
    initializers,
  }
}

function gemm(at: Pick<GraphNode, 'name' | 'outputs'>, inputs: readonly string[]): GraphNode {
  return { name: at.name, opType: 'Gemm', domain: '', inputs, outputs: at.outputs, attributes: {} }
}

function dropUnused(graph: Graph, names: readonly string[]): Graph {
  const initializers = new Map(graph.initializers)
  for (const name of names) if (countUses(graph, name) === 0) initializers.delete(name)
  return { ...graph, initializers }
}

/** `stem`, with a number after it where the graph has that name already. */
function unusedName(graph: Graph, stem: string): string {
  const used = new Set([
    ...graph.initializers.keys(),
    ...graph.nodes.flatMap((n) => [n.name, ...n.outputs]),
  ])
  let name = stem
  for (let i = 1; used.has(name); i++) name = `${stem}.${i}`
  return name
}
