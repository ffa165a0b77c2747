/** Quantizes a graph's products as onnxruntime's quantize_dynamic does: 8-bit weights, scales while running. */
import type { Graph, GraphNode, TensorData } from '../../../main/ml/onnx/graph.js'

export function quantizeDynamically(graph: Graph): Graph {
  const initializers = new Map<string, TensorData>(graph.initializers)
  const nodes = graph.nodes.flatMap((node) => {
    const weight = node.opType === 'MatMul' ? graph.initializers.get(node.inputs[1]!) : undefined
    if (weight?.type !== 'float32') return [node]
    const name = node.inputs[1]!
    const largest = weight.data.reduce((max, value) => Math.max(max, Math.abs(value)), 1e-6)
    const scale = largest / 127
    const data = Int8Array.from(weight.data, (value) => Math.round(value / scale))
    initializers.set(`${name}_quantized`, { type: 'int8', dims: weight.dims, data })
    initializers.set(`${name}_scale`, { type: 'float32', dims: [], data: Float32Array.of(scale) })
    initializers.delete(name)
    return integerProduct(node, name)
  })
  return { ...graph, nodes, initializers }
}

function integerProduct(node: GraphNode, weight: string): GraphNode[] {
  const [x, y] = [node.inputs[0]!, node.outputs[0]!]
  const make = (opType: string, inputs: string[], outputs: string[]): GraphNode => ({
    ...{ name: outputs[0]!, opType, domain: '', inputs, outputs },
    attributes: opType === 'Cast' ? { to: { kind: 'int', value: 1 } } : {},
  })
  const value = (part: string) => `${y}/${part}`
  return [
    make('DynamicQuantizeLinear', [x], [value('x'), value('scale'), value('zero')]),
    make('MatMulInteger', [value('x'), `${weight}_quantized`, value('zero')], [value('sum')]),
    make('Cast', [value('sum')], [value('float')]),
    make('Mul', [value('scale'), `${weight}_scale`], [value('both')]),
    make('Mul', [value('float'), value('both')], [y]),
  ]
}
