/** Removes what no wanted output needs. */
import type { Graph, GraphNode } from './graph.js'

/**
 * The graph with only the outputs named, and only the nodes and initializers that lead to them.
 * Inputs stay, so that the same feeds fit.
 *
 * @param keep values that stay with what computes them although no output needs them
 */
export function dropDeadNodes(
  graph: Graph,
  keepOutputs: readonly string[],
  keep: Iterable<string> = [],
): Graph {
  const needed = new Set([...keepOutputs, ...keep])
  const nodes: GraphNode[] = []
  for (const node of graph.nodes.toReversed()) {
    if (!node.outputs.some((name) => name !== '' && needed.has(name))) continue
    nodes.push(node)
    for (const name of node.inputs) needed.add(name)
  }
  return {
    ...graph,
    outputs: graph.outputs.filter(({ name }) => keepOutputs.includes(name)),
    initializers: new Map([...graph.initializers].filter(([name]) => needed.has(name))),
    nodes: nodes.reverse(),
  }
}
