/** Counts the floating-point operations of a graph's matrix products and convolutions. */
import type { Graph, GraphNode } from '../onnx/graph.js'

/** Dims of every value that such a node reads or writes, by name. */
export type StaticShapes = ReadonlyMap<string, readonly number[]>

type ShapesOf = (name: string) => readonly number[]
type FlopRule = (node: GraphNode, shapeOf: ShapesOf) => number

/** A product of m x k by k x n is m*n*k multiplications and as many additions. */
const rules: Readonly<Record<string, FlopRule>> = {
  // 2 * outputs * k
  MatMul: (node, shapeOf) => productFlops(node, shapeOf, false),
  FusedMatMul: (node, shapeOf) => productFlops(node, shapeOf, isSet(node, 'transA')),
  Gemm: (node, shapeOf) => productFlops(node, shapeOf, isSet(node, 'transA')),
  // W is [C_out, C_in / group, kernel...]: each output is a sum over all of W but its first axis.
  Conv: (node, shapeOf) =>
    2 * count(shapeOf(node.outputs[0]!)) * count(shapeOf(node.inputs[1]!).slice(1)),
  // W is [C_in, C_out / group, kernel...]: each input is spread over all of W but its first axis.
  ConvTranspose: (node, shapeOf) =>
    2 * count(shapeOf(node.inputs[0]!)) * count(shapeOf(node.inputs[1]!).slice(1)),
}

/**
 * Floating-point operations of one run of the graph, element-wise operations left out: the figure
 * that a share of the GEMM peak is made of.
 *
 * @param shapes as given by shape inference with all sizes fixed; initializers need not be in it
 */
export function countGemmFlops(graph: Graph, shapes: StaticShapes): number {
  const shapeOf = (name: string) => {
    const dims = shapes.get(name) ?? graph.initializers.get(name)?.dims
    if (dims === undefined) throw new Error(`no static shape is known for ${name}`)
    return dims
  }
  return graph.nodes.reduce((flops, node) => flops + (rules[node.opType]?.(node, shapeOf) ?? 0), 0)
}

function productFlops(node: GraphNode, shapeOf: ShapesOf, transA: boolean): number {
  const left = shapeOf(node.inputs[0]!)
  // A vector's only axis is the inner one, whatever the attribute says.
  const inner = left.at(transA && left.length > 1 ? -2 : -1)!
  return 2 * count(shapeOf(node.outputs[0]!)) * inner
}

function isSet(node: GraphNode, name: string): boolean {
  const attribute = node.attributes[name]
  return attribute?.kind === 'int' && attribute.value !== 0
}

function count(dims: readonly number[]): number {
  return dims.reduce((product, dim) => product * dim, 1)
}
