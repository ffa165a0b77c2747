/** Cuts out of a graph what lies between one of its values and one of its outputs. */
import type { Graph, GraphNode, ValueInfo } from './graph.js'

/**
 * The nodes that make `output` of `from.name`, as a graph with that value as its only input; null
 * if the output is not made of it, or of further inputs too.
 */
export function subgraphBetween(graph: Graph, from: ValueInfo, output: string): Graph | null {
  const outputs = graph.outputs.filter(({ name }) => name === output)
  const needed = new Set([output])
  const nodes: GraphNode[] = []
  for (const node of graph.nodes.toReversed()) {
    if (!node.outputs.some((name) => name !== from.name && needed.has(name))) continue
    nodes.push(node)
    for (const name of node.inputs) needed.add(name)
  }
  if (outputs.length === 0 || !needed.has(from.name)) return null
  if (graph.inputs.some(({ name }) => name !== from.name && needed.has(name))) return null
  return {
    ...graph,
    inputs: [from],
    outputs,
    initializers: new Map([...graph.initializers].filter(([name]) => needed.has(name))),
    nodes: nodes.reverse(),
  }
}

/** The value that `value` is another name of. */
export function originOf(graph: Graph, value: string): string {
  const node = graph.nodes.find(({ outputs }) => outputs.includes(value))
  return node?.opType === 'Identity' ? originOf(graph, node.inputs[0]!) : value
}
