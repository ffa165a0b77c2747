/** Between TensorProto and TensorData: typed fields, raw bytes and external files. */

import {
  allocateElements,
  bytesOf,
  elementCode,
  elementSizeBytes,
  findElementType,
} from './elementTypes.js'
import type { ElementType, TensorData, TypedArrays } from './graph.js'
import { InvalidProto } from './invalidProto.js'
import {
  encodeMessage,
  type Int64,
  type TensorProto,
  toBigInt,
  toSafeNumber,
} from './modelProto.js'

/** The typed field that holds each element type where the bytes are not raw. */
const typedFields: Readonly<Record<ElementType, (proto: TensorProto) => readonly Int64[]>> = {
  float32: (p) => p.floatData,
  uint8: (p) => p.int32Data,
  int8: (p) => p.int32Data,
  int32: (p) => p.int32Data,
  int64: (p) => p.int64Data,
  bool: (p) => p.int32Data,
  float16: (p) => p.int32Data,
  float64: (p) => p.doubleData,
}

/** The element type with this number. @throws InvalidProto where it is none known here */
export function elementTypeOf(code: number, what: string): ElementType {
  const type = findElementType(code)
  if (type === undefined) throw new InvalidProto(`${what} has element type ${code}`)
  return type
}

/** How many elements a tensor has in its typed field. */
export function typedLength(proto: TensorProto, type: ElementType): number {
  return typedFields[type](proto).length
}

/** The part of another file that holds a tensor's bytes. */
export interface ExternalRange {
  /** As written in the model: relative to the model's folder. */
  readonly location: string
  readonly offsetBytes: number
  readonly lengthBytes: number
}

/** Reads a range; returns exactly `lengthBytes` bytes. @throws InvalidProto */
export type ReadExternal = (range: ExternalRange) => Uint8Array

/**
 * Makes TensorData of a TensorProto. The data is always a copy, so the file's bytes can go.
 *
 * @throws InvalidProto where type, dimensions and bytes do not agree
 */
export function decodeTensor(proto: TensorProto, what: string, read: ReadExternal): TensorData {
  const type = elementTypeOf(proto.dataType, what)
  const dims = proto.dims.map(toSafeNumber)
  const length = countElements(dims, what)
  const data = decodeElements(proto, type, length, what, read)
  return { type, dims, data } as TensorData
}

function countElements(dims: readonly number[], what: string): number {
  if (dims.some((dim) => dim < 0)) throw new InvalidProto(`${what} has a negative dimension`)
  const length = dims.reduce((product, dim) => product * dim, 1)
  if (!Number.isSafeInteger(length)) throw new InvalidProto(`${what} has impossible dimensions`)
  return length
}

function decodeElements(
  proto: TensorProto,
  type: ElementType,
  length: number,
  what: string,
  read: ReadExternal,
): TypedArrays[ElementType] {
  const expectedBytes = length * elementSizeBytes(type)
  if (proto.dataLocation === 1) {
    return fromBytes(type, read(externalRange(proto, expectedBytes, what)), expectedBytes, what)
  }
  const typed = typedFields[type](proto)
  if (Object.hasOwn(proto, 'rawData') && typed.length === 0) {
    return fromBytes(type, proto.rawData, expectedBytes, what)
  }
  if (typed.length !== length) {
    throw new InvalidProto(`${what} has ${typed.length} elements where ${length} are declared`)
  }
  return fromNumbers(type, typed)
}

function fromBytes(
  type: ElementType,
  bytes: Uint8Array,
  expectedBytes: number,
  what: string,
): TypedArrays[ElementType] {
  if (bytes.byteLength !== expectedBytes) {
    throw new InvalidProto(
      `${what} has ${bytes.byteLength} bytes where ${expectedBytes} are declared`,
    )
  }
  const data = allocateElements(type, expectedBytes / elementSizeBytes(type))
  bytesOf(data).set(bytes)
  return data
}

function fromNumbers(type: ElementType, values: readonly Int64[]): TypedArrays[ElementType] {
  const data = allocateElements(type, values.length)
  if (data instanceof BigInt64Array) {
    for (let i = 0; i < data.length; i++) data[i] = toBigInt(values[i]!)
  } else {
    data.set(values as readonly number[])
  }
  return data
}

/**
 * Where a tensor's bytes lie, as it says itself.
 *
 * @param expectedBytes how many it must be; null where only the tensor knows
 */
export function externalRange(
  proto: TensorProto,
  expectedBytes: number | null,
  what: string,
): ExternalRange {
  const entries = new Map(proto.externalData.map(({ key, value }) => [key, value]))
  const location = entries.get('location')
  if (!location) throw new InvalidProto(`${what} has no location for its external data`)
  const offsetBytes = byteCount(entries.get('offset') ?? '0', what)
  const lengthBytes = byteCount(entries.get('length') ?? String(expectedBytes ?? 0), what)
  if (expectedBytes !== null && lengthBytes !== expectedBytes) {
    throw new InvalidProto(`${what} has ${lengthBytes} bytes where ${expectedBytes} are declared`)
  }
  return { location, offsetBytes, lengthBytes }
}

function byteCount(text: string, what: string): number {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN
  if (!Number.isSafeInteger(value)) {
    throw new InvalidProto(`${what} has an impossible external offset or length`)
  }
  return value
}

/** The encoding of a TensorProto with everything but its bytes. */
export function encodeTensorHeader(
  name: string,
  tensor: TensorData,
  external?: ExternalRange,
): Uint8Array {
  const head = { name, dims: tensor.dims, dataType: elementCode(tensor.type) }
  if (external === undefined) return encodeMessage('TensorProto', head)
  const externalData = [
    { key: 'location', value: external.location },
    { key: 'offset', value: String(external.offsetBytes) },
    { key: 'length', value: String(external.lengthBytes) },
  ]
  return encodeMessage('TensorProto', { ...head, externalData, dataLocation: 1 })
}
