/** Reads an ONNX model into the graph IR, or says why it cannot. */
import { readFile } from 'node:fs/promises'
import { AppError } from '../../../shared/errors.js'
import { toFileError } from '../../platform/fileErrors.js'
import { checkGraph } from './checkGraph.js'
import { externalDataBeside } from './externalData.js'
import type { Graph, GraphNode, TensorData } from './graph.js'
import { InvalidProto } from './invalidProto.js'
import { decodeModelProto, type GraphProto, type ModelProto, toSafeNumber } from './modelProto.js'
import { constantOf, type ReadContext, readNode } from './readNode.js'
import { readValueInfo } from './readValueInfo.js'
import { decodeTensor, type ReadExternal } from './tensorProto.js'

export interface ReadModelOptions {
  /** Where the bytes come from: named in errors, and external data lies in its folder. */
  readonly path: string
  /** Reads external data in place of the files beside `path`. */
  readonly externalData?: ReadExternal
}

/**
 * Reads a serialized ModelProto.
 *
 * Constant nodes become initializers; initializers that are also listed as inputs count as
 * initializers only.
 *
 * @throws AppError ONNX_INVALID for malformed or contradictory bytes
 * @throws AppError OP_UNSUPPORTED for control flow and operators of other vendors
 */
export function readModel(bytes: Uint8Array, options: ReadModelOptions): Graph {
  const { path } = options
  try {
    const model = decodeModelProto(bytes)
    const read = options.externalData ?? externalDataBeside(path)
    const graph = toGraph(model, { path, read, opset: opsetOf(model) })
    checkGraph(graph)
    return graph
  } catch (error) {
    throw error instanceof AppError ? error : invalid(path, error)
  }
}

/** Reads the model file at `path`. @throws AppError as `readModel`, and FILE_NOT_FOUND, FILE_UNREADABLE */
export async function readModelFile(path: string): Promise<Graph> {
  return readModel(await readBytes(path), { path })
}

async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path)
  } catch (error) {
    throw toFileError(error, path)
  }
}

function invalid(path: string, error: unknown): AppError {
  const reason = error instanceof Error ? error.message : String(error)
  return new AppError('ONNX_INVALID', { path, reason }, { cause: error })
}

function opsetOf(model: ModelProto): number {
  const standard = model.opsetImport.find(({ domain }) => domain === '' || domain === 'ai.onnx')
  if (standard === undefined) throw new InvalidProto('it names no standard operator set')
  return toSafeNumber(standard.version)
}

function toGraph(model: ModelProto, context: ReadContext): Graph {
  const proto = model.graph
  if (!proto) throw new InvalidProto('it holds no graph')
  if (proto.sparseInitializer.length > 0) throw new InvalidProto('it has sparse initializers')
  const initializers = readInitializers(proto, context)
  const nodes: GraphNode[] = []
  for (const node of proto.node) {
    const read = readNode(node, context)
    if (read.opType === 'Constant' && read.domain === '') addConstant(initializers, read)
    else nodes.push(read)
  }
  return {
    name: proto.name,
    opset: context.opset,
    inputs: proto.input.filter(({ name }) => !initializers.has(name)).map(readValueInfo),
    outputs: proto.output.map(readValueInfo),
    initializers,
    nodes,
  }
}

function readInitializers(proto: GraphProto, context: ReadContext): Map<string, TensorData> {
  const initializers = new Map<string, TensorData>()
  for (const tensor of proto.initializer) {
    const what = `initializer "${tensor.name}"`
    addInitializer(initializers, tensor.name, decodeTensor(tensor, what, context.read))
  }
  return initializers
}

function addInitializer(all: Map<string, TensorData>, name: string, tensor: TensorData): void {
  if (all.has(name)) throw new InvalidProto(`the value "${name}" is defined twice`)
  all.set(name, tensor)
}

function addConstant(initializers: Map<string, TensorData>, node: GraphNode): void {
  const [attribute] = Object.values(node.attributes)
  const tensor = attribute && constantOf(attribute)
  const [name] = node.outputs
  if (!tensor || !name) throw new InvalidProto(`the Constant "${node.name}" has no usable value`)
  addInitializer(initializers, name, tensor)
}
