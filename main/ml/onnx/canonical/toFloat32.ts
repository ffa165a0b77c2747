/** Makes a half-precision graph one of full precision, as training needs. */
import { intAttribute } from '../attributes.js'
import { elementCode } from '../elementTypes.js'
import { fromFloat16Array } from '../float16.js'
import type { Attribute, ElementType, Graph, GraphNode, TensorData, ValueInfo } from '../graph.js'

/**
 * The graph with float32 wherever it has float16: weights, constants, casts, inputs and outputs.
 * Casts between the two are gone.
 *
 * @param typeOf element types of the values in `graph`
 */
export function toFloat32(graph: Graph, typeOf: (value: string) => ElementType | undefined): Graph {
  if (!usesFloat16(graph)) return graph
  const wide: Graph = {
    ...graph,
    inputs: graph.inputs.map(widenInfo),
    outputs: graph.outputs.map(widenInfo),
    initializers: new Map([...graph.initializers].map(([name, t]) => [name, widenTensor(t)])),
    nodes: graph.nodes.map(widenNode),
  }
  return removeCasts(wide, (value) => ['float16', 'float32'].includes(typeOf(value) ?? ''))
}

/** Lets the readers of a Cast from float32 to float32 read what it casts; weights are settled elsewhere. */
function removeCasts(graph: Graph, isFloat: (value: string) => boolean): Graph {
  const fixed = new Set(graph.outputs.map(({ name }) => name))
  const sources = new Map<string, string>()
  const nodes = graph.nodes.flatMap((node) => {
    const inputs = node.inputs.map((name) => sources.get(name) ?? name)
    const [output = ''] = node.outputs
    const needless =
      node.opType === 'Cast' &&
      intAttribute(node, 'to', 0) === elementCode('float32') &&
      isFloat(node.inputs[0]!) &&
      !graph.initializers.has(inputs[0]!)
    if (!needless) return [{ ...node, inputs }]
    if (fixed.has(output)) return [{ ...node, opType: 'Identity', attributes: {}, inputs }]
    sources.set(output, inputs[0]!)
    return []
  })
  return { ...graph, nodes }
}

function usesFloat16({ inputs, outputs, initializers, nodes }: Graph): boolean {
  return (
    [...inputs, ...outputs, ...initializers.values()].some(({ type }) => type === 'float16') ||
    nodes.some((node) => widenNode(node) !== node)
  )
}

function widenInfo(info: ValueInfo): ValueInfo {
  return info.type === 'float16' ? { ...info, type: 'float32' } : info
}

function widenTensor(tensor: TensorData): TensorData {
  if (tensor.type !== 'float16') return tensor
  return { type: 'float32', dims: tensor.dims, data: fromFloat16Array(tensor.data) }
}

/** The operators that name an element type, and the attribute in which they do. */
const typeAttributes: Readonly<Record<string, string>> = {
  Cast: 'to',
  EyeLike: 'dtype',
}

function widenNode(node: GraphNode): GraphNode {
  const changed: Record<string, Attribute> = {}
  for (const [name, attribute] of Object.entries(node.attributes)) {
    const isType = attribute.kind === 'int' && typeAttributes[node.opType] === name
    if (isType && attribute.value === elementCode('float16')) {
      changed[name] = { kind: 'int', value: elementCode('float32') }
    }
    if (attribute.kind === 'tensor' && attribute.value.type === 'float16') {
      changed[name] = { kind: 'tensor', value: widenTensor(attribute.value) }
    }
  }
  if (Object.keys(changed).length === 0) return node
  return { ...node, attributes: { ...node.attributes, ...changed } }
}
