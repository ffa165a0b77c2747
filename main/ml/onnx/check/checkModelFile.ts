/** Checks an ONNX file before onnxruntime sees it: nothing contradictory, absurd or outside its folder. */
import { elementSizeBytes, findElementType } from '../elementTypes.js'
import { type CheckExternal, checkExternalBeside } from '../externalData.js'
import { InvalidProto } from '../invalidProto.js'
import {
  decodeGraphProto,
  type GraphProto,
  type NodeProto,
  type TensorProto,
  toSafeNumber,
} from '../modelProto.js'
import { externalRange, typedLength } from '../tensorProto.js'
import { readSkeleton, toModelFileError } from './readSkeleton.js'

/** Subgraphs within subgraphs; a loop in a branch in a loop has three. */
const deepestNesting = 8
/** Nodes of a graph with all that is in it; the largest known encoders have some ten thousand. */
const mostNodes = 200_000
/** Elements that a constant shape may ask for; an attention of 4,096 tokens in 16 heads has as many. */
const mostElements = 2 ** 28

/**
 * The file's weights are not read, so this takes milliseconds.
 *
 * @throws AppError ONNX_INVALID naming the file and what is wrong with it; FILE_NOT_FOUND,
 *   FILE_UNREADABLE
 */
export function checkModelFile(path: string): void {
  try {
    const { model, rawBytes } = readSkeleton(path)
    if (!model.graph) throw new InvalidProto('it holds no graph')
    const external = checkExternalBeside(path)
    const budget = { nodes: mostNodes }
    for (const [i, tensor] of model.graph.initializer.entries()) {
      checkTensor(tensor, rawBytes[i] ?? null, external)
    }
    checkGraphProto(model.graph, new Set(), { external, budget, depth: 0 })
  } catch (error) {
    throw toModelFileError(error, path)
  }
}

interface CheckContext {
  readonly external: CheckExternal
  readonly budget: { nodes: number }
  readonly depth: number
}

/** @param outer values that a subgraph sees of the graph around it */
function checkGraphProto(graph: GraphProto, outer: ReadonlySet<string>, context: CheckContext) {
  if (graph.sparseInitializer.length > 0) throw new InvalidProto('it has sparse initializers')
  const own = new Set<string>()
  const initializers = new Map(graph.initializer.map((tensor) => [tensor.name, tensor]))
  if (initializers.size < graph.initializer.length) {
    throw new InvalidProto('an initializer is defined twice')
  }
  const constants = new Map(initializers)
  for (const name of initializers.keys()) define(own, name)
  // Older exporters list weights as inputs too.
  for (const { name } of graph.input) if (!initializers.has(name)) define(own, name)
  const visible = { has: (name: string) => own.has(name) || outer.has(name) }
  for (const node of graph.node) {
    if (--context.budget.nodes < 0) throw new InvalidProto(`it has more than ${mostNodes} nodes`)
    checkNode(node, visible, constants, context)
    const value = node.opType === 'Constant' ? node.attribute[0]?.t : null
    if (value) constants.set(node.output[0] ?? '', value)
    checkSubgraphs(node, new Set([...outer, ...own]), context)
    for (const name of node.output) if (name !== '') define(own, name)
  }
  for (const { name } of graph.output) {
    if (!visible.has(name)) throw new InvalidProto(`nothing computes the output "${name}"`)
  }
}

function checkNode(
  node: NodeProto,
  visible: { has(name: string): boolean },
  constants: ReadonlyMap<string, TensorProto>,
  { external }: CheckContext,
): void {
  for (const name of node.input) {
    if (name === '' || visible.has(name)) continue
    throw new InvalidProto(`${node.opType} "${node.name}" uses "${name}" before it is computed`)
  }
  for (const { t } of node.attribute) if (t) checkTensor(t, rawBytesOf(t), external)
  const shape = shapeInput[node.opType]
  const constant = shape === undefined ? undefined : constants.get(node.input[shape] ?? '')
  if (constant) checkConstantShape(node, constant)
}

/** Which input of an operator is the shape, or the repeats, of its output. */
const shapeInput: Readonly<Record<string, number>> = { ConstantOfShape: 0, Expand: 1, Tile: 1 }

function checkConstantShape({ opType, name }: NodeProto, shape: TensorProto): void {
  const elements = int64sOf(shape).reduce((product, dim) => product * dim, 1)
  if (elements <= mostElements) return
  throw new InvalidProto(`${opType} "${name}" would make ${elements} elements`)
}

function int64sOf({ int64Data, rawData }: TensorProto): number[] {
  if (int64Data.length > 0) return int64Data.map(toSafeNumber)
  const bytes = Buffer.from(rawData)
  return Array.from({ length: Math.floor(bytes.length / 8) }, (_, i) =>
    Number(bytes.readBigInt64LE(8 * i)),
  )
}

function checkSubgraphs(node: NodeProto, outer: ReadonlySet<string>, context: CheckContext): void {
  const bytes = node.attribute.flatMap(({ g, graphs }) => (g.length > 0 ? [g, ...graphs] : graphs))
  if (bytes.length === 0) return
  const depth = context.depth + 1
  if (depth > deepestNesting) throw new InvalidProto('its graphs are nested too deeply')
  for (const each of bytes) {
    const graph = decodeGraphProto(each)
    for (const t of graph.initializer) checkTensor(t, rawBytesOf(t), context.external)
    checkGraphProto(graph, outer, { ...context, depth })
  }
}

function rawBytesOf(tensor: TensorProto): number | null {
  return Object.hasOwn(tensor, 'rawData') ? tensor.rawData.length : null
}

/**
 * Dimensions, type and bytes must agree, wherever the bytes are. Types that nothing here computes with,
 * such as texts and 4-bit numbers, have no size known here.
 */
function checkTensor(proto: TensorProto, rawBytes: number | null, external: CheckExternal): void {
  const what = `tensor "${proto.name}"`
  const dims = proto.dims.map(toSafeNumber)
  if (dims.some((dim) => dim < 0)) throw new InvalidProto(`${what} has a negative dimension`)
  const length = dims.reduce((product, dim) => product * dim, 1)
  if (!Number.isSafeInteger(length)) throw new InvalidProto(`${what} has impossible dimensions`)
  const type = findElementType(proto.dataType)
  const declared = type === undefined ? null : length * elementSizeBytes(type)
  if (proto.dataLocation === 1) {
    external(externalRange(proto, declared, what))
    return
  }
  if (type === undefined) return
  if (rawBytes !== null && rawBytes !== declared) {
    throw new InvalidProto(`${what} has ${rawBytes} bytes where ${declared} are declared`)
  }
  const typed = typedLength(proto, type)
  if (rawBytes === null && typed !== length) {
    throw new InvalidProto(`${what} has ${typed} elements where ${length} are declared`)
  }
}

function define(defined: Set<string>, name: string): void {
  if (defined.has(name)) throw new InvalidProto(`the value "${name}" is defined twice`)
  defined.add(name)
}
