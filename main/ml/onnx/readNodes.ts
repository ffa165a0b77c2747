/** Reads the nodes of a graph: constants become initializers, and an If the branch that it takes. */
import { decideCondition, type GraphSoFar, type Inlined, inlineBranch } from './branches.js'
import type { GraphNode, TensorData, ValueInfo } from './graph.js'
import type { InputShapes } from './inferShapes.js'
import { InvalidProto } from './invalidProto.js'
import { decodeGraphProto, type GraphProto, type NodeProto } from './modelProto.js'
import { constantOf, type ReadContext, readNode, unsupported } from './readNode.js'
import { decodeTensor } from './tensorProto.js'

export interface NodesContext extends ReadContext {
  readonly usesOf: (inputs: readonly ValueInfo[]) => readonly InputShapes[]
  /** How many branches were taken so far. */
  readonly branches: { count: number }
}

/** Each branch asks for the shapes of all before it: a file with thousands would take hours. */
const mostBranches = 200

/**
 * @param around what the nodes may use
 * @returns the nodes, and all initializers
 * @throws InvalidProto, AppError OP_UNSUPPORTED
 */
export function readNodes(
  protos: readonly NodeProto[],
  around: GraphSoFar,
  context: NodesContext,
): Inlined {
  const initializers = new Map(around.initializers)
  const nodes: GraphNode[] = []
  for (const proto of protos) {
    if (proto.opType === 'If' && proto.domain === '') {
      const soFar = { ...around, initializers, nodes: [...around.nodes, ...nodes] }
      const branch = readBranch(proto, soFar, context)
      for (const [name, tensor] of branch.initializers) addInitializer(initializers, name, tensor)
      nodes.push(...branch.nodes)
      continue
    }
    const read = readNode(proto, context)
    if (read.opType === 'Constant' && read.domain === '') addConstant(initializers, read)
    else nodes.push(read)
  }
  return { nodes, initializers }
}

export function readInitializers(
  proto: GraphProto,
  { read }: ReadContext,
): Map<string, TensorData> {
  const initializers = new Map<string, TensorData>()
  for (const tensor of proto.initializer) {
    const value = decodeTensor(tensor, `initializer "${tensor.name}"`, read)
    addInitializer(initializers, tensor.name, value)
  }
  return initializers
}

function readBranch(proto: NodeProto, soFar: GraphSoFar, context: NodesContext): Inlined {
  if (++context.branches.count > mostBranches) {
    throw new InvalidProto(`it holds more than ${mostBranches} branches`)
  }
  const taken = decideCondition(soFar, proto.input[0] ?? '', context.usesOf(soFar.inputs))
  if (taken === undefined) throw unsupported('If', context)
  const wanted = taken ? 'then_branch' : 'else_branch'
  const bytes = proto.attribute.find(({ name }) => name === wanted)?.g
  if (!bytes?.length) throw new InvalidProto(`If "${proto.name}" has no ${wanted}`)
  const graph = decodeGraphProto(bytes)
  if (graph.output.length !== proto.output.length) {
    throw new InvalidProto(`If "${proto.name}" has a ${wanted} with other outputs`)
  }
  const own = readInitializers(graph, context)
  const around = { ...soFar, initializers: new Map([...soFar.initializers, ...own]) }
  const { nodes, initializers } = readNodes(graph.node, around, context)
  const added = [...initializers].filter(([name]) => !soFar.initializers.has(name))
  const branch: Inlined = { nodes, initializers: new Map(added) }
  return inlineBranch(
    proto.output,
    branch,
    graph.output.map(({ name }) => name),
  )
}

function addConstant(initializers: Map<string, TensorData>, node: GraphNode): void {
  const [attribute] = Object.values(node.attributes)
  const tensor = attribute && constantOf(attribute)
  const [name] = node.outputs
  if (!tensor || !name) throw new InvalidProto(`the Constant "${node.name}" has no usable value`)
  addInitializer(initializers, name, tensor)
}

function addInitializer(all: Map<string, TensorData>, name: string, tensor: TensorData): void {
  if (all.has(name)) throw new InvalidProto(`the value "${name}" is defined twice`)
  all.set(name, tensor)
}
