/** Reads an ONNX model into the graph IR, or says why it cannot. */
import { readFile } from 'node:fs/promises'
import { AppError } from '../../../shared/errors.js'
import { toFileError } from '../../platform/fileErrors.js'
import { checkGraph } from './checkGraph.js'
import { externalDataBeside } from './externalData.js'
import type { Graph, ValueInfo } from './graph.js'
import type { InputShapes } from './inferShapes.js'
import { InvalidProto } from './invalidProto.js'
import { decodeModelProto, type ModelProto, toSafeNumber } from './modelProto.js'
import { type NodesContext, readInitializers, readNodes } from './readNodes.js'
import { readValueInfo } from './readValueInfo.js'
import type { ReadExternal } from './tensorProto.js'

export interface ReadModelOptions {
  /** Where the bytes come from: named in errors, and external data lies in its folder. */
  readonly path: string
  /** Reads external data in place of the files beside `path`. */
  readonly externalData?: ReadExternal
  /** Called with each operator before any tensor is read; may throw. */
  readonly onOperator?: (opType: string) => void
  /** Input shapes in some uses, by which an If may be decided. See [Note: branches that shapes decide]. */
  readonly usesOf?: (inputs: readonly ValueInfo[]) => readonly InputShapes[]
}

/**
 * Reads a serialized ModelProto.
 *
 * Constant nodes become initializers; initializers that are also listed as inputs count as
 * initializers only.
 *
 * @throws AppError ONNX_INVALID for malformed or contradictory bytes
 * @throws AppError OP_UNSUPPORTED for control flow that `usesOf` does not decide, and for operators of
 *   other vendors
 */
export function readModel(bytes: Uint8Array, options: ReadModelOptions): Graph {
  const { path } = options
  try {
    const model = decodeModelProto(bytes)
    for (const { opType } of model.graph?.node ?? []) options.onOperator?.(opType)
    const read = options.externalData ?? externalDataBeside(path)
    const { usesOf = () => [] } = options
    const graph = toGraph(model, {
      path,
      read,
      opset: opsetOf(model),
      usesOf,
      branches: { count: 0 },
    })
    checkGraph(graph)
    return graph
  } catch (error) {
    throw error instanceof AppError ? error : invalid(path, error)
  }
}

/** Reads the model file at `path`. @throws AppError as `readModel`, and FILE_NOT_FOUND, FILE_UNREADABLE */
export async function readModelFile(
  path: string,
  options: Omit<ReadModelOptions, 'path'> = {},
): Promise<Graph> {
  return readModel(await readBytes(path), { ...options, path })
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

function toGraph(model: ModelProto, context: NodesContext): Graph {
  const proto = model.graph
  if (!proto) throw new InvalidProto('it holds no graph')
  if (proto.sparseInitializer.length > 0) throw new InvalidProto('it has sparse initializers')
  const initializers = readInitializers(proto, context)
  const around = {
    name: proto.name,
    opset: context.opset,
    inputs: proto.input.filter(({ name }) => !initializers.has(name)).map(readValueInfo),
    initializers,
    nodes: [],
  }
  const read = readNodes(proto.node, around, context)
  return { ...around, ...read, outputs: proto.output.map(readValueInfo) }
}
