/** Cuts a graph in two, so that what training does not change is computed once. */
import { dropDeadNodes } from './dropDeadNodes.js'
import type { Graph, GraphNode } from './graph.js'

export interface SplitOptions {
  /** Initializers that change: nothing of what depends on them comes before the cut. */
  readonly variable: Iterable<string>
  readonly output: string
  /** Inputs that may be fed to both halves, as they are small. */
  readonly shared: readonly string[]
}

/** The second half, and the value that it starts from. */
export interface SplitGraph {
  /** Makes `value` of the graph's inputs. */
  readonly before: Graph
  readonly value: string
  /** Nodes that make the output of `value`, shared inputs and initializers. */
  readonly after: readonly GraphNode[]
}

/**
 * Cuts at the one float value that leaves the fewest products and convolutions after it, and then the
 * fewest nodes; null if no cut takes any of them away.
 *
 * One value, though several can cross from what is constant to what is not: a block's input and its
 * norm, say. The norm is cheaper to compute again than to keep.
 */
export function splitGraph(graph: Graph, options: SplitOptions): SplitGraph | null {
  const variable = reachedFrom(graph, options.variable)
  const live = reachedFrom(
    graph,
    graph.inputs.map(({ name }) => name),
  )
  const whole = suffixOf(graph, options, null)!
  let best: { value: string; nodes: GraphNode[]; heavy: number } | null = null
  for (const node of graph.nodes) {
    for (const value of node.outputs) {
      if (value === '' || variable.has(value) || !live.has(value)) continue
      const nodes = suffixOf(graph, options, value)
      if (nodes === null) continue
      const heavy = countHeavy(graph, nodes)
      const better =
        best === null ||
        heavy < best.heavy ||
        (heavy === best.heavy && nodes.length < best.nodes.length)
      if (better) best = { value, nodes, heavy }
    }
  }
  if (best === null || best.heavy === countHeavy(graph, whole)) return null
  const { value, nodes } = best
  const exposed = { ...graph, outputs: [{ name: value, type: 'float32' as const, shape: [] }] }
  return { before: dropDeadNodes(exposed, [value]), value, after: nodes }
}

/** The nodes that make the output once `value` is given; null if they need other inputs too. */
function suffixOf(
  graph: Graph,
  { output, shared }: SplitOptions,
  value: string | null,
): GraphNode[] | null {
  const needed = new Set([output])
  const nodes: GraphNode[] = []
  for (const node of graph.nodes.toReversed()) {
    if (!node.outputs.some((name) => name !== value && needed.has(name))) continue
    nodes.push(node)
    for (const name of node.inputs) needed.add(name)
  }
  if (value === null) return nodes
  if (!needed.has(value)) return null
  const missing = graph.inputs.some(({ name }) => needed.has(name) && !shared.includes(name))
  return missing ? null : nodes.reverse()
}

/** Values that depend on some of the names. */
function reachedFrom({ nodes }: Graph, names: Iterable<string>): ReadonlySet<string> {
  const reached = new Set(names)
  for (const node of nodes) {
    if (!node.inputs.some((name) => reached.has(name))) continue
    for (const name of node.outputs) reached.add(name)
  }
  return reached
}

const products: ReadonlySet<string> = new Set(['MatMul', 'Gemm', 'FusedMatMul', 'Conv'])

/** Products with weights, and lookups in tables: nearly all of an encoder's time. */
function countHeavy({ initializers }: Graph, nodes: readonly GraphNode[]): number {
  return nodes.filter(({ opType, inputs }) => {
    const weight = initializers.get(inputs[opType === 'Gather' ? 0 : 1] ?? '')
    return (
      (opType === 'Gather' || products.has(opType)) &&
      weight !== undefined &&
      weight.dims.length >= 2 &&
      weight.type === 'float32'
    )
  }).length
}
