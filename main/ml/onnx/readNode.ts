/** Makes graph nodes of NodeProto, and says which ones cannot be had. */
import { AppError } from '../../../shared/errors.js'
import type { Attribute, Domain, GraphNode, TensorData } from './graph.js'
import { InvalidProto } from './invalidProto.js'
import { type AttributeProto, type NodeProto, toSafeNumber } from './modelProto.js'
import { decodeTensor, type ReadExternal } from './tensorProto.js'

/** What the conversion of one model needs at every level. */
export interface ReadContext {
  readonly path: string
  readonly opset: number
  readonly read: ReadExternal
}

/** @throws InvalidProto, AppError OP_UNSUPPORTED */
export function readNode(proto: NodeProto, context: ReadContext): GraphNode {
  const attributes = proto.attribute.map(
    (attribute) => [attribute.name, toAttribute(attribute, proto, context)] as const,
  )
  return {
    name: proto.name,
    opType: proto.opType,
    domain: toDomain(proto, context),
    inputs: proto.input,
    outputs: proto.output,
    attributes: Object.fromEntries(attributes),
  }
}

function toDomain(proto: NodeProto, context: ReadContext): Domain {
  if (proto.domain === '' || proto.domain === 'ai.onnx') return ''
  if (proto.domain === 'com.microsoft') return 'com.microsoft'
  throw unsupported(`${proto.domain}.${proto.opType}`, context)
}

/** The error for an operator that the reader has no form for. */
export function unsupported(opType: string, context: ReadContext): AppError {
  const where = `${context.path}: the ONNX reader`
  return new AppError('OP_UNSUPPORTED', { opType, opset: context.opset, where })
}

/** AttributeProto.AttributeType in onnx.proto, for the kinds that are read. */
const attributeReaders: Readonly<
  Record<number, (proto: AttributeProto, what: string, read: ReadExternal) => Attribute>
> = {
  1: (p) => ({ kind: 'float', value: p.f }),
  2: (p) => ({ kind: 'int', value: toSafeNumber(p.i) }),
  3: (p) => ({ kind: 'string', value: toText(p.s) }),
  4: (p, what, read) => {
    if (!p.t) throw new InvalidProto(`${what} has no tensor`)
    return { kind: 'tensor', value: decodeTensor(p.t, what, read) }
  },
  6: (p) => ({ kind: 'floats', value: p.floats }),
  7: (p) => ({ kind: 'ints', value: p.ints.map(toSafeNumber) }),
  8: (p) => ({ kind: 'strings', value: p.strings.map(toText) }),
}

/** Attribute types that hold subgraphs. */
const subgraphTypes: readonly number[] = [5, 10]

function toAttribute(proto: AttributeProto, node: NodeProto, context: ReadContext): Attribute {
  if (subgraphTypes.includes(proto.type)) throw unsupported(node.opType, context)
  const what = `attribute "${proto.name}" of ${node.opType} "${node.name}"`
  const reader = attributeReaders[proto.type]
  if (reader === undefined) throw new InvalidProto(`${what} has type ${proto.type}`)
  return reader(proto, what, context.read)
}

function toText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
}

/** The tensor that a Constant node with this attribute gives; null for strings. */
export function constantOf(attribute: Attribute): TensorData | null {
  switch (attribute.kind) {
    case 'tensor':
      return attribute.value
    case 'float':
      return { type: 'float32', dims: [], data: Float32Array.of(attribute.value) }
    case 'floats':
      return floats(attribute.value)
    case 'int':
      return { type: 'int64', dims: [], data: BigInt64Array.of(BigInt(attribute.value)) }
    case 'ints':
      return ints(attribute.value)
    case 'string':
    case 'strings':
      return null
  }
}

function floats(values: readonly number[]): TensorData {
  return { type: 'float32', dims: [values.length], data: Float32Array.from(values) }
}

function ints(values: readonly number[]): TensorData {
  return { type: 'int64', dims: [values.length], data: BigInt64Array.from(values.map(BigInt)) }
}
