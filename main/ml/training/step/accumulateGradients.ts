/** Lets a gradient graph add to gradients summed before, instead of giving its own alone. */
import type { Graph, GraphNode } from '../../onnx/graph.js'

/** Name of the input that holds what is added to. */
export const accumulatedName = (output: string) => `accumulated/${output}`

/**
 * The graph with each output replaced by its sum with a new input of the same shape. Output and
 * input may share their memory.
 */
export function accumulateGradients(graph: Graph): Graph {
  const gradients = graph.outputs
  const names = new Set(gradients.map((output) => output.name))
  const single = (name: string) => (names.has(name) ? `micro/${name}` : name)
  const sums = gradients.map(
    ({ name }): GraphNode => ({
      name: `accumulate/${name}`,
      opType: 'Add',
      domain: '',
      inputs: [accumulatedName(name), single(name)],
      outputs: [name],
      attributes: {},
    }),
  )
  const nodes = graph.nodes.map((node) => ({
    ...node,
    inputs: node.inputs.map(single),
    outputs: node.outputs.map(single),
  }))
  const inputs = gradients.map((output) => ({ ...output, name: accumulatedName(output.name) }))
  return { ...graph, inputs: [...graph.inputs, ...inputs], nodes: [...nodes, ...sums] }
}
