/** Converts a graph to half precision as onnxconverter-common does: float32 outside, float16 within. */
import { toFloat16Array } from '../../../main/ml/onnx/float16.js'
import type {
  Attribute,
  Graph,
  GraphNode,
  TensorData,
  ValueInfo,
} from '../../../main/ml/onnx/graph.js'

const [float32, float16] = [1, 10]
/** The largest number of half precision; masks are cut to it. */
const largest = 65_504

export function toHalf(graph: Graph): Graph {
  const inside = (name: string) => `${name}/half`
  const inputs = graph.inputs.filter(({ type }) => type === 'float32')
  const outputs = graph.outputs.filter(({ type }) => type === 'float32')
  const renamed = new Set([...inputs, ...outputs].map(({ name }) => name))
  const rename = (name: string) => (renamed.has(name) ? inside(name) : name)
  const nodes = graph.nodes.map((node) => ({
    ...node,
    inputs: node.inputs.map(rename),
    outputs: node.outputs.map(rename),
    attributes: Object.fromEntries(
      Object.entries(node.attributes).map(([name, value]) => [name, halveAttribute(node, value)]),
    ),
  }))
  const castIn = inputs.map(({ name }) => cast(name, inside(name), float16))
  const castOut = outputs.map(({ name }: ValueInfo) => cast(inside(name), name, float32))
  const initializers = new Map([...graph.initializers].map(([name, t]) => [name, halve(t)]))
  return { ...graph, initializers, nodes: [...castIn, ...nodes, ...castOut] }
}

function halve(tensor: TensorData): TensorData {
  if (tensor.type !== 'float32') return tensor
  const cut = tensor.data.map((value) => Math.min(largest, Math.max(-largest, value)))
  return { type: 'float16', dims: tensor.dims, data: toFloat16Array(cut) }
}

function halveAttribute(node: GraphNode, attribute: Attribute): Attribute {
  if (attribute.kind === 'tensor') return { kind: 'tensor', value: halve(attribute.value) }
  const isCast = node.opType === 'Cast' && attribute.kind === 'int' && attribute.value === float32
  return isCast ? { kind: 'int', value: float16 } : attribute
}

function cast(from: string, to: string, type: number): GraphNode {
  const attributes = { to: { kind: 'int', value: type } } as const
  return {
    name: `${to}/cast`,
    opType: 'Cast',
    domain: '',
    inputs: [from],
    outputs: [to],
    attributes,
  }
}
