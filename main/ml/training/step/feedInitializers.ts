/** Turns initializers into inputs, for weights that change between runs. */
import type { Graph } from '../../onnx/graph.js'

/** The graph with the named initializers as inputs; those it does not have are passed over. */
export function feedInitializers(graph: Graph, names: readonly string[]): Graph {
  const initializers = new Map(graph.initializers)
  const inputs = [...graph.inputs]
  for (const name of names) {
    const tensor = initializers.get(name)
    if (!tensor) continue
    initializers.delete(name)
    inputs.push({ name, type: tensor.type, shape: tensor.dims })
  }
  return { ...graph, inputs, initializers }
}
