/** Renames what a graph contains, so that graphs can stand side by side in one. */
import type { Graph, ValueInfo } from '../../onnx/graph.js'

/** The graph with `prefix` before every value, node and dimension name. */
export function prefixGraph(graph: Graph, prefix: string): Graph {
  const renamed = renameValues(graph, (name) => (name === '' ? '' : prefix + name))
  // Two graphs' batches need not be of one size.
  const declared = ({ shape, ...info }: ValueInfo): ValueInfo => ({
    ...info,
    shape: shape.map((dim) => (typeof dim === 'string' ? prefix + dim : dim)),
  })
  return {
    ...renamed,
    inputs: renamed.inputs.map(declared),
    outputs: renamed.outputs.map(declared),
  }
}

/** The graph with every value renamed by `rename`; nodes are renamed along. */
export function renameValues(graph: Graph, rename: (name: string) => string): Graph {
  const declared = (info: ValueInfo) => ({ ...info, name: rename(info.name) })
  return {
    ...graph,
    inputs: graph.inputs.map(declared),
    outputs: graph.outputs.map(declared),
    initializers: new Map([...graph.initializers].map(([name, t]) => [rename(name), t])),
    nodes: graph.nodes.map((node) => ({
      ...node,
      name: rename(node.name),
      inputs: node.inputs.map(rename),
      outputs: node.outputs.map(rename),
    })),
  }
}
