/** Rewrites an encoder so that its large weights have 8 bits: a third of the time, a quarter of the file. */
import { dropDeadNodes } from '../onnx/dropDeadNodes.js'
import { fromFloat16Array } from '../onnx/float16.js'
import type { Attribute, Graph, GraphNode, TensorData } from '../onnx/graph.js'
import { int8TableNames, roundTable } from './int8Table.js'
import { roundToInt8 } from './roundToInt8.js'

/*
 * [Note: 8-bit products] A product by a constant matrix becomes onnxruntime's DynamicQuantizeMatMul:
 * weights rounded beforehand with a scale for each output, activations rounded as they come with one
 * scale for the whole tensor, the product in whole numbers. "npm run bench precision" tells what that
 * wins and loses. Word tables become rows of 8 bits with a scale each, for their size. Convolutions
 * stay as they are: onnxruntime has no fast kernel for them that rounds as it goes.
 *
 * Processors without VNNI (before about 2019, and AMD's before Zen 4) add the products of two
 * activations of 0 to 255 with two weights in 16 bits with a sign, and cut off what does not fit. So
 * weights of products go to 64 only: 2 * 255 * 64 fits. The same file then gives the same everywhere.
 */

/** Smaller weights gain no time worth their loss. */
const smallestWeight = 4096

/** What the largest weight of a product becomes. */
const largestFactor = 64

/** ONNX's number for float32, as Cast takes it. */
const float32Code = 1

/** What a rule needs to see and to add. */
interface Rewriting {
  /** The float32 numbers of a large constant matrix, also behind a cast from half precision. */
  matrix(name: string | undefined): Matrix | null
  /** Adds an initializer, once under each name; returns the name. */
  add(name: string, make: () => TensorData): string
  isConstantVector(name: string, length: number): boolean
}
interface Matrix {
  readonly name: string
  readonly dims: readonly [number, number]
  readonly data: Float32Array
}
/** The nodes in a node's place, or null to leave it. */
type Rule = (node: GraphNode, rewriting: Rewriting) => GraphNode[] | null

const rules = {
  MatMul(node, rewriting) {
    const weight = rewriting.matrix(node.inputs[1])
    return weight && [productNode(node, rewriting, weight, false)]
  },
  Gemm(node, rewriting) {
    const { transA, transB, alpha, beta } = node.attributes
    const plain = !isSet(transA) && isOne(alpha) && isOne(beta)
    const weight = plain ? rewriting.matrix(node.inputs[1]) : null
    if (weight === null) return null
    const bias = node.inputs[2] ?? ''
    const outputs = weight.dims[isSet(transB) ? 0 : 1]
    if (bias !== '' && !rewriting.isConstantVector(bias, outputs)) return null
    return [productNode(node, rewriting, weight, isSet(transB), bias)]
  },
  Gather(node, rewriting) {
    const axis = node.attributes.axis
    if (axis?.kind === 'int' && axis.value !== 0) return null
    const table = rewriting.matrix(node.inputs[0])
    // One number a row is the scales of a table that has 8 bits already.
    return table && table.dims[1] > 1 ? lookUpNodes(node, rewriting, table) : null
  },
} satisfies Readonly<Record<string, Rule>>

/** Whether the rewriting found matrices to make faster. */
export function hasIntegerProducts(graph: Graph): boolean {
  return graph.nodes.some((node) => node.opType === 'DynamicQuantizeMatMul')
}

/**
 * The same function with 8-bit weights; the float32 graph is left as it is.
 *
 * @param smallest numbers that a weight must have to be rounded
 */
export function quantizeWeights(graph: Graph, smallest = smallestWeight): Graph {
  return rewrite(graph, smallest, rules)
}

/** The same with 8 bits in tables only, which are looked up: for size. It can still be trained. */
export function quantizeTables(graph: Graph): Graph {
  return rewrite(graph, smallestWeight, { Gather: rules.Gather })
}

function rewrite(
  graph: Graph,
  smallest: number,
  using: Readonly<Partial<Record<string, Rule>>>,
): Graph {
  const initializers = new Map(graph.initializers)
  const rewriting = createRewriting(graph, initializers, smallest)
  const nodes = graph.nodes.flatMap((node) => using[node.opType]?.(node, rewriting) ?? [node])
  return dropDeadNodes(
    { ...graph, initializers, nodes },
    graph.outputs.map(({ name }) => name),
  )
}

function createRewriting(
  graph: Graph,
  initializers: Map<string, TensorData>,
  smallest: number,
): Rewriting {
  const sources = new Map(graph.nodes.filter(keepsFloats).map((n) => [n.outputs[0]!, n.inputs[0]!]))
  // Half precision counts only where it is cast: a product in halves cannot take whole numbers.
  const constant = (name: string) => {
    const own = graph.initializers.get(name)
    return own?.type === 'float32' ? own : graph.initializers.get(sources.get(name) ?? '')
  }
  return {
    matrix(name) {
      const tensor = name === undefined ? undefined : constant(name)
      if (tensor?.dims.length !== 2 || tensor.data.length < smallest) return null
      const data = floatsOf(tensor)
      return data && { name: name!, dims: tensor.dims as [number, number], data }
    },
    add(name, make) {
      if (!initializers.has(name)) initializers.set(name, make())
      return name
    },
    isConstantVector(name, length) {
      const tensor = graph.initializers.get(name)
      return tensor?.type === 'float32' && tensor.dims.length === 1 && tensor.dims[0] === length
    },
  }
}

/** Whether the node's output is its input as float32. */
function keepsFloats({ opType, attributes: { to } }: GraphNode): boolean {
  return opType === 'Cast' && to?.kind === 'int' && to.value === float32Code
}

function floatsOf(tensor: TensorData): Float32Array | null {
  if (tensor.type === 'float32') return tensor.data
  return tensor.type === 'float16' ? fromFloat16Array(tensor.data) : null
}

function productNode(
  node: GraphNode,
  { add }: Rewriting,
  weight: Matrix,
  transposed: boolean,
  bias = '',
): GraphNode {
  const dims: [number, number] = transposed ? [weight.dims[1], weight.dims[0]] : [...weight.dims]
  const stem = `${weight.name}/int8${transposed ? '/transposed' : ''}`
  let rounded: ReturnType<typeof roundToInt8> | undefined
  const round = () => {
    const data = transposed ? transpose(weight) : weight.data
    rounded ??= roundToInt8(data, dims, 1, largestFactor)
    return rounded
  }
  const values = add(stem, () => ({ type: 'int8', dims, data: round().values }))
  const scales = add(`${stem}/scale`, () => ({
    type: 'float32',
    dims: [dims[1]],
    data: round().scales,
  }))
  return {
    name: `${node.name}/int8`,
    opType: 'DynamicQuantizeMatMul',
    domain: 'com.microsoft',
    inputs: [node.inputs[0]!, values, scales, ...(bias === '' ? [] : ['', bias])],
    outputs: node.outputs,
    attributes: {},
  }
}

/** Rows of the 8-bit table by their ids, times the scales of the same rows. */
function lookUpNodes(node: GraphNode, { add }: Rewriting, table: Matrix): GraphNode[] {
  const { name, dims, data } = table
  const names = int8TableNames(name)
  let rounded: ReturnType<typeof roundTable> | undefined
  const part = (wanted: string) => () => {
    rounded ??= roundTable(name, data, dims)
    return rounded.get(wanted)!
  }
  const values = add(names.rows, part(names.rows))
  const scales = add(names.scales, part(names.scales))
  const ids = node.inputs[1]!
  const output = node.outputs[0]!
  const made = (step: string, opType: string, inputs: string[], result = `${output}/${step}`) => ({
    name: `${output}/${step}`,
    opType,
    domain: '' as const,
    inputs,
    outputs: [result],
    attributes: {} as Record<string, Attribute>,
  })
  const cast = made('cast', 'Cast', [`${output}/rows`])
  cast.attributes.to = { kind: 'int', value: float32Code }
  return [
    made('rows', 'Gather', [values, ids]),
    cast,
    made('scales', 'Gather', [scales, ids]),
    made('scaled', 'Mul', [`${output}/cast`, `${output}/scales`], output),
  ]
}

function transpose({ dims: [rows, columns], data }: Matrix): Float32Array {
  const turned = new Float32Array(data.length)
  for (let row = 0, at = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, at++) turned[column * rows + row] = data[at]!
  }
  return turned
}

function isSet(attribute: Attribute | undefined): boolean {
  return attribute?.kind === 'int' && attribute.value !== 0
}

function isOne(attribute: Attribute | undefined): boolean {
  return attribute === undefined || (attribute.kind === 'float' && attribute.value === 1)
}
