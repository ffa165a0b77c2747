/** Weights stored in half precision: half the file, the same graph in float32 otherwise. */
import { fromFloat16Array, toFloat16Array } from './float16.js'
import type { Graph, GraphNode, TensorData } from './graph.js'

/** Smaller tensors (biases, scales, constants) gain nothing and keep their precision. */
const smallestHalved = 1024
/** onnx.proto's number for float32, the target of the casts. */
const float32Code = 1

/**
 * The graph with its large float32 initializers stored as float16, each followed by a Cast back to
 * float32 under the initializer's old name.
 */
export function storeWeightsAsFloat16(graph: Graph): Graph {
  const initializers = new Map<string, TensorData>()
  const casts: GraphNode[] = []
  for (const [name, tensor] of graph.initializers) {
    if (tensor.type !== 'float32' || tensor.data.length < smallestHalved) {
      initializers.set(name, tensor)
      continue
    }
    const stored = `${name}/float16`
    initializers.set(stored, {
      type: 'float16',
      dims: tensor.dims,
      data: toFloat16Array(tensor.data),
    })
    casts.push(castToFloat32(stored, name))
  }
  return { ...graph, initializers, nodes: [...casts, ...graph.nodes] }
}

function castToFloat32(input: string, output: string): GraphNode {
  return {
    name: `${output}/cast`,
    opType: 'Cast',
    domain: '',
    inputs: [input],
    outputs: [output],
    attributes: { to: { kind: 'int', value: float32Code } },
  }
}

/** The graph with each float16 initializer that a Cast turns into float32 as a float32 initializer. */
export function upcastWeights(graph: Graph): Graph {
  const initializers = new Map(graph.initializers)
  const nodes = graph.nodes.filter((node) => {
    const stored = storedWeight(graph, node)
    if (stored === undefined) return true
    const data = fromFloat16Array(stored.data)
    initializers.set(node.outputs[0]!, { type: 'float32', dims: stored.dims, data })
    return false
  })
  const used = new Set([
    ...nodes.flatMap(({ inputs }) => inputs),
    ...graph.outputs.map((o) => o.name),
  ])
  for (const [name, { type }] of initializers) {
    if (type === 'float16' && !used.has(name)) initializers.delete(name)
  }
  return { ...graph, initializers, nodes }
}

function storedWeight(graph: Graph, node: GraphNode) {
  const { to } = node.attributes
  if (node.opType !== 'Cast' || to?.kind !== 'int' || to.value !== float32Code) return undefined
  const tensor = graph.initializers.get(node.inputs[0]!)
  return tensor?.type === 'float16' ? tensor : undefined
}
