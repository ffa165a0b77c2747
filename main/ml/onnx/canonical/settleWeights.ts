/** Makes initializers of weights that a graph first copies, casts or transposes. */
import { intAttribute, intsAttribute } from '../attributes.js'
import { allocateElements, elementCode } from '../elementTypes.js'
import type { Graph, GraphNode, TensorData } from '../graph.js'

// [Note: weights behind nodes]
// torch.onnx stores equal parameters once and hands copies out by Identity, leaves the Transpose of
// a linear layer's weight in the graph unless told to fold constants, and half-precision files cast
// their weights. What is trained has to be an initializer that is used directly.
//
// A weight that layers share stays one. Those that were equal only because nothing has trained them,
// such as the ones and zeros of norms, become several: no number of them differs from the others, as
// it does in weights that are one by design.

/** The graph without such nodes; what they gave are initializers, and no other value changes. */
export function settleWeights(graph: Graph): Graph {
  const initializers = new Map(graph.initializers)
  const fixed = new Set(graph.outputs.map(({ name }) => name))
  /** What is read in place of a node's output. */
  const replaced = new Map<string, string>()
  /** The initializer that stands for a weight in another form, by weight and form. */
  const known = new Map<string, string>()
  const nodes = graph.nodes.flatMap((given) => {
    const inputs = given.inputs.map((name) => replaced.get(name) ?? name)
    const node = inputs.some((name, i) => name !== given.inputs[i]) ? { ...given, inputs } : given
    const [output = ''] = node.outputs
    const [source = ''] = inputs
    const weight = initializers.get(source)
    const settled = weight && !fixed.has(output) ? settle(node, weight) : undefined
    if (weight === undefined || settled === undefined) return [node]
    const form = settled === weight ? source : (known.get(`${node.opType} ${source}`) ?? output)
    if (form !== output && isShared(weight)) {
      replaced.set(output, form)
      return []
    }
    initializers.set(output, settled)
    if (settled !== weight) known.set(`${node.opType} ${source}`, output)
    return []
  })
  if (nodes.length === graph.nodes.length) return graph
  const used = new Set([...nodes.flatMap(({ inputs }) => inputs), ...fixed])
  const kept = [...initializers].filter(([name]) => used.has(name))
  return { ...graph, nodes, initializers: new Map(kept) }
}

/** Whether equal values must be one weight: by chance they would be equal only if they are all alike. */
function isShared({ data }: TensorData): boolean {
  return data.some((value) => value !== data[0])
}

function settle(node: GraphNode, weight: TensorData): TensorData | undefined {
  if (node.domain !== '') return undefined
  if (node.opType === 'Identity') return weight
  if (node.opType === 'Cast') {
    return intAttribute(node, 'to', 0) === elementCode(weight.type) ? weight : undefined
  }
  const isMatrix = weight.type === 'float32' && weight.dims.length === 2
  if (node.opType !== 'Transpose' || !isMatrix) return undefined
  const [first = 1] = intsAttribute(node, 'perm') ?? []
  return first === 0 ? weight : transpose(weight)
}

function transpose({ type, dims, data }: TensorData): TensorData {
  const [rows, columns] = [dims[0]!, dims[1]!]
  const turned = allocateElements(type, data.length)
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) turned[j * rows + i] = data[i * columns + j]!
  }
  return { type, dims: [columns, rows], data: turned } as TensorData
}
