/** The messages of onnx.proto that are read and written here, as a protobuf descriptor with their types. */
import type Long from 'long'
import protobuf from 'protobufjs/light.js'

/** A 64-bit integer as protobufjs hands it out (Long) or takes it (number too). */
export type Int64 = Long | number

interface StringStringEntryProto {
  readonly key: string
  readonly value: string
}

export interface TensorProto {
  readonly name: string
  readonly dims: readonly Int64[]
  readonly dataType: number
  readonly floatData: readonly number[]
  readonly int32Data: readonly number[]
  readonly int64Data: readonly Int64[]
  readonly doubleData: readonly number[]
  readonly rawData: Uint8Array
  readonly externalData: readonly StringStringEntryProto[]
  readonly dataLocation: number
}

export interface AttributeProto {
  readonly name: string
  readonly type: number
  readonly f: number
  readonly i: Int64
  readonly s: Uint8Array
  readonly t: TensorProto | null
  readonly floats: readonly number[]
  readonly ints: readonly Int64[]
  readonly strings: readonly Uint8Array[]
  /** Subgraphs, not decoded. */
  readonly g: Uint8Array
  readonly graphs: readonly Uint8Array[]
}

export interface NodeProto {
  readonly name: string
  readonly opType: string
  readonly domain: string
  readonly input: readonly string[]
  readonly output: readonly string[]
  readonly attribute: readonly AttributeProto[]
}

/** Of the two fields at most one is present; which one tells `Object.hasOwn`. */
export interface DimensionProto {
  readonly dimValue?: Int64
  readonly dimParam?: string
}

interface TensorTypeProto {
  readonly elemType: number
  readonly shape: { readonly dim: readonly DimensionProto[] } | null
}

export interface ValueInfoProto {
  readonly name: string
  readonly type: { readonly tensorType: TensorTypeProto | null } | null
}

export interface GraphProto {
  readonly name: string
  readonly node: readonly NodeProto[]
  readonly initializer: readonly TensorProto[]
  readonly sparseInitializer: readonly Uint8Array[]
  readonly input: readonly ValueInfoProto[]
  readonly output: readonly ValueInfoProto[]
}

export interface OperatorSetIdProto {
  readonly domain: string
  readonly version: Int64
}

export interface ModelProto {
  readonly irVersion: Int64
  readonly producerName: string
  readonly opsetImport: readonly OperatorSetIdProto[]
  readonly graph: GraphProto | null
}

type FieldSpec = protobuf.IField

function one(id: number, type: string): FieldSpec {
  return { id, type }
}

function many(id: number, type: string, packed = false): FieldSpec {
  return { id, type, rule: 'repeated', options: { packed } }
}

function message(fields: Record<string, FieldSpec>): protobuf.IType {
  return { fields }
}

/**
 * Field numbers from onnx.proto. What is never read (documentation, training information) is left
 * out; what is only refused (sparse initializers) or only checked (subgraphs) is kept as bytes, so that
 * nothing recurses.
 */
const messages: Record<string, protobuf.IType> = {
  StringStringEntryProto: message({ key: one(1, 'string'), value: one(2, 'string') }),
  TensorProto: message({
    dims: many(1, 'int64'),
    dataType: one(2, 'int32'),
    floatData: many(4, 'float', true),
    int32Data: many(5, 'int32', true),
    int64Data: many(7, 'int64', true),
    name: one(8, 'string'),
    rawData: one(9, 'bytes'),
    doubleData: many(10, 'double', true),
    externalData: many(13, 'StringStringEntryProto'),
    dataLocation: one(14, 'int32'),
  }),
  AttributeProto: message({
    name: one(1, 'string'),
    f: one(2, 'float'),
    i: one(3, 'int64'),
    s: one(4, 'bytes'),
    t: one(5, 'TensorProto'),
    g: one(6, 'bytes'),
    floats: many(7, 'float'),
    ints: many(8, 'int64'),
    strings: many(9, 'bytes'),
    graphs: many(11, 'bytes'),
    type: one(20, 'int32'),
  }),
  NodeProto: message({
    input: many(1, 'string'),
    output: many(2, 'string'),
    name: one(3, 'string'),
    opType: one(4, 'string'),
    attribute: many(5, 'AttributeProto'),
    domain: one(7, 'string'),
  }),
  Dimension: message({ dimValue: one(1, 'int64'), dimParam: one(2, 'string') }),
  TensorShapeProto: message({ dim: many(1, 'Dimension') }),
  TensorTypeProto: message({ elemType: one(1, 'int32'), shape: one(2, 'TensorShapeProto') }),
  TypeProto: message({ tensorType: one(1, 'TensorTypeProto') }),
  ValueInfoProto: message({ name: one(1, 'string'), type: one(2, 'TypeProto') }),
  GraphProto: message({
    node: many(1, 'NodeProto'),
    name: one(2, 'string'),
    initializer: many(5, 'TensorProto'),
    input: many(11, 'ValueInfoProto'),
    output: many(12, 'ValueInfoProto'),
    sparseInitializer: many(15, 'bytes'),
  }),
  OperatorSetIdProto: message({ domain: one(1, 'string'), version: one(2, 'int64') }),
  ModelProto: message({
    irVersion: one(1, 'int64'),
    producerName: one(2, 'string'),
    graph: one(7, 'GraphProto'),
    opsetImport: many(8, 'OperatorSetIdProto'),
  }),
}

const root = protobuf.Root.fromJSON({ nested: messages })
const modelType = root.lookupType('ModelProto')

/** The numbers of two fields that the writer lays out itself, so that weights are not copied. */
export const fieldNumbers = { modelGraph: 7, graphInitializer: 5, tensorRawData: 9 } as const

/**
 * Decodes a ModelProto. Byte fields are views of `bytes`.
 *
 * @throws Error of protobufjs where the bytes are malformed
 */
export function decodeModelProto(bytes: Uint8Array): ModelProto {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const reader = protobuf.Reader.create(buffer)
  reader.discardUnknown = true
  return modelType.decode(reader) as unknown as ModelProto
}

/** Decodes the bytes of a subgraph. @throws Error of protobufjs where they are malformed */
export function decodeGraphProto(bytes: Uint8Array): GraphProto {
  const reader = protobuf.Reader.create(bytes)
  reader.discardUnknown = true
  return root.lookupType('GraphProto').decode(reader) as unknown as GraphProto
}

/** Messages that are encoded by themselves; fields left out are absent in the encoding. */
export interface EncodableMessages {
  ModelProto: Partial<ModelProto>
  GraphProto: Partial<GraphProto>
  TensorProto: Partial<TensorProto>
}

/** Encodes one message, without any outer tag. */
export function encodeMessage<T extends keyof EncodableMessages>(
  type: T,
  value: EncodableMessages[T],
): Uint8Array {
  return root.lookupType(type).encode(value).finish()
}

/** A 64-bit integer as a number, clamped to the range in which numbers are exact. */
export function toSafeNumber(value: Int64): number {
  const number = typeof value === 'number' ? value : value.toNumber()
  return Math.max(Number.MIN_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, number))
}

/** A 64-bit integer as a bigint, exact. */
export function toBigInt(value: Int64): bigint {
  if (typeof value === 'number') return BigInt(value)
  return (BigInt(value.high) << 32n) | BigInt(value.low >>> 0)
}
