/** Finds the linear layer that a graph's output comes from, in whichever way it is written. */
import { floatAttribute, intAttribute } from '../../onnx/attributes.js'
import type { Graph, GraphNode } from '../../onnx/graph.js'

/** A linear layer x W + c that ends in a graph's output. */
export interface LastLinear {
  readonly node: GraphNode
  readonly weight: Float32Array
  /** Rows and columns of the weight: from, to. */
  readonly dims: readonly [number, number]
  readonly bias: Float32Array
}

/** The MatMul or Gemm behind `output`, if its weight can be changed without other effects. */
export function findLastLinear(graph: Graph, output: string): LastLinear | undefined {
  let value = output
  for (;;) {
    const node = graph.nodes.find((n) => n.outputs.includes(value))
    if (!node || (value !== output && countUses(graph, value) !== 1)) return undefined
    if (node.opType !== 'Identity') return readLinear(graph, node)
    value = node.inputs[0]!
  }
}

/** How often a value is read, by nodes and as an output of the graph. */
export function countUses(graph: Graph, value: string): number {
  const inNodes = graph.nodes.flatMap((n) => n.inputs).filter((name) => name === value).length
  return inNodes + graph.outputs.filter((o) => o.name === value).length
}

function readLinear(graph: Graph, node: GraphNode): LastLinear | undefined {
  const isGemm = node.opType === 'Gemm'
  if (node.domain !== '' || (!isGemm && node.opType !== 'MatMul')) return undefined
  if (countUses(graph, node.outputs[0]!) !== 1 || intAttribute(node, 'transA', 0) !== 0)
    return undefined
  const weight = floats(graph, node.inputs[1])
  const added = node.inputs[2] ? floats(graph, node.inputs[2]) : undefined
  if (weight?.dims.length !== 2 || (node.inputs[2] && !added)) return undefined
  const [rows, columns] = [weight.dims[0]!, weight.dims[1]!]
  const transposed = intAttribute(node, 'transB', 0) === 1
  const [from, to] = transposed ? [columns, rows] : [rows, columns]
  if (added && added.data.length !== to && added.data.length !== 1) return undefined
  const alpha = floatAttribute(node, 'alpha', 1)
  const beta = floatAttribute(node, 'beta', 1)
  const at = (i: number, j: number) => weight.data[transposed ? j * columns + i : i * columns + j]!
  const effective = Float32Array.from(
    { length: from * to },
    (_, k) => alpha * at(Math.floor(k / to), k % to),
  )
  const bias = Float32Array.from({ length: to }, (_, j) =>
    added ? beta * added.data[added.data.length === 1 ? 0 : j]! : 0,
  )
  return { node, weight: effective, dims: [from, to], bias }
}

function floats(graph: Graph, name: string | undefined) {
  const tensor = name === undefined ? undefined : graph.initializers.get(name)
  return tensor?.type === 'float32' ? tensor : undefined
}
