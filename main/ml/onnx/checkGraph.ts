/** Checks what the graph IR promises: each value defined once, and before it is used. */
import type { Graph, GraphNode } from './graph.js'
import { InvalidProto } from './invalidProto.js'

/** @throws InvalidProto naming the value that is defined twice, used too early or missing */
export function checkGraph(graph: Graph): void {
  const defined = new Set<string>()
  for (const { name } of graph.inputs) define(defined, name)
  for (const name of graph.initializers.keys()) define(defined, name)
  for (const node of graph.nodes) checkNode(defined, node)
  for (const { name } of graph.outputs) {
    if (!defined.has(name)) throw new InvalidProto(`nothing computes the output "${name}"`)
  }
}

function checkNode(defined: Set<string>, node: GraphNode): void {
  for (const name of node.inputs) {
    if (name !== '' && !defined.has(name)) {
      throw new InvalidProto(`${node.opType} "${node.name}" uses "${name}" before it is computed`)
    }
  }
  for (const name of node.outputs) if (name !== '') define(defined, name)
}

function define(defined: Set<string>, name: string): void {
  if (defined.has(name)) throw new InvalidProto(`the value "${name}" is defined twice`)
  defined.add(name)
}
