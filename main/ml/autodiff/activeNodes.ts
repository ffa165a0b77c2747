/** Finds the part of a graph through which gradients flow. */
import type { ElementType, GraphNode } from '../onnx/graph.js'

export interface FlowQuery {
  readonly nodes: readonly GraphNode[]
  readonly wrt: readonly string[]
  readonly outputs: readonly string[]
  readonly typeOf: (value: string) => ElementType | undefined
  /** Whether gradients end at this node by definition. */
  readonly stops: (node: GraphNode) => boolean
}

export interface GradientFlow {
  /** Nodes on a path from a wrt to an output, in forward order. */
  readonly nodes: readonly GraphNode[]
  /** Values that need a cotangent. */
  readonly values: ReadonlySet<string>
}

/** The nodes and values that lie on a differentiable path from a wrt to an output. */
export function findGradientFlow(query: FlowQuery): GradientFlow {
  const reached = reachForward(query)
  const values = new Set<string>()
  const needed = new Set(query.outputs.filter((value) => reached.has(value)))
  const nodes: GraphNode[] = []
  for (const node of [...query.nodes].reverse()) {
    const outputs = node.outputs.filter((value) => needed.has(value))
    if (outputs.length === 0 || query.stops(node)) continue
    const inputs = node.inputs.filter((value) => reached.has(value))
    if (inputs.length === 0) continue
    nodes.push(node)
    for (const value of [...inputs, ...outputs]) values.add(value)
    for (const value of inputs) needed.add(value)
  }
  return { nodes: nodes.reverse(), values }
}

/** The float values that depend on a wrt without passing a stop. */
function reachForward({ nodes, wrt, typeOf, stops }: FlowQuery): ReadonlySet<string> {
  const reached = new Set(wrt)
  for (const node of nodes) {
    if (stops(node) || !node.inputs.some((value) => reached.has(value))) continue
    for (const value of node.outputs) if (isFloat(typeOf(value))) reached.add(value)
  }
  return reached
}

/** Whether a value can carry a gradient; one of unknown type may. */
function isFloat(type: ElementType | undefined): boolean {
  return type === undefined || type.startsWith('float')
}
