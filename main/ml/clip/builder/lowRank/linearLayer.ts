/** Reads linear layers out of a graph: products of something computed with a stored weight. */
import { intAttribute } from '../../../onnx/attributes.js'
import type { Graph, GraphNode } from '../../../onnx/graph.js'
import { findWeightSource } from '../../../onnx/weightSource.js'

/** A stored matrix, which takes `from` numbers to `to`. */
export interface StoredMatrix {
  /** Its name. */
  readonly weight: string
  readonly from: number
  readonly to: number
  /** Whether it is stored as [to, from]. */
  readonly transposed: boolean
}

/** y = x W (+ c), by a MatMul, a FusedMatMul or a Gemm. */
export interface LinearLayer extends StoredMatrix {
  readonly node: GraphNode
  /**
   * Whether the product takes the stored matrix as it is. Otherwise it takes a part of it, as
   * nn.MultiheadAttention does of one that makes queries, keys and values; `from` and `to` are then
   * the sizes of the whole.
   */
  readonly isWhole: boolean
}

/** Where a graph's values come from. */
export interface GraphMakers {
  readonly graph: Graph
  readonly makerOf: ReadonlyMap<string, GraphNode>
}

const products: ReadonlySet<string> = new Set(['MatMul', 'Gemm', 'FusedMatMul'])

/** The linear layer that `node` is; undefined for other operators and for products of two values. */
export function readLinearLayer(makers: GraphMakers, node: GraphNode): LinearLayer | undefined {
  if (!products.has(node.opType) || intAttribute(node, 'transA', 0) !== 0) return undefined
  const { initializers } = makers.graph
  const [x, taken] = node.inputs
  const weight = sourceOf(makers, taken)
  const dims = weight === undefined ? undefined : initializers.get(weight)!.dims
  if (dims?.length !== 2 || initializers.has(x!)) return undefined
  const [rows, columns] = [dims[0]!, dims[1]!]
  if (taken !== weight) {
    return { node, weight: weight!, from: rows, to: columns, transposed: false, isWhole: false }
  }
  const transposed = intAttribute(node, 'transB', 0) !== 0
  const [from, to] = transposed ? [columns, rows] : [rows, columns]
  return { node, weight: weight!, from, to, transposed, isWhole: true }
}

/** Whether `node` multiplies two computed matrices, as attention's two products do. */
export function isProductOfValues(makers: GraphMakers, { opType, inputs }: GraphNode): boolean {
  const [first, second] = inputs
  if (!products.has(opType) || makers.graph.initializers.has(first!)) return false
  return sourceOf(makers, second) === undefined
}

function sourceOf({ graph, makerOf }: GraphMakers, value: string | undefined): string | undefined {
  return findWeightSource(graph, (name) => makerOf.get(name), value)
}
