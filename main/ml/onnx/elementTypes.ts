/** Element types: onnx.proto's number for each, its size and its array. */
import type { ElementType, TypedArrays } from './graph.js'

interface ElementKind<T extends ElementType> {
  /** TensorProto.DataType in onnx.proto. */
  readonly code: number
  readonly sizeBytes: number
  readonly allocate: (length: number) => TypedArrays[T]
}

const kinds: { readonly [T in ElementType]: ElementKind<T> } = {
  float32: { code: 1, sizeBytes: 4, allocate: (n) => new Float32Array(n) },
  uint8: { code: 2, sizeBytes: 1, allocate: (n) => new Uint8Array(n) },
  int8: { code: 3, sizeBytes: 1, allocate: (n) => new Int8Array(n) },
  int32: { code: 6, sizeBytes: 4, allocate: (n) => new Int32Array(n) },
  int64: { code: 7, sizeBytes: 8, allocate: (n) => new BigInt64Array(n) },
  bool: { code: 9, sizeBytes: 1, allocate: (n) => new Uint8Array(n) },
  float16: { code: 10, sizeBytes: 2, allocate: (n) => new Uint16Array(n) },
  float64: { code: 11, sizeBytes: 8, allocate: (n) => new Float64Array(n) },
}

const typesByCode = new Map(
  (Object.keys(kinds) as ElementType[]).map((type) => [kinds[type].code, type]),
)

/** onnx.proto's number for an element type. */
export function elementCode(type: ElementType): number {
  return kinds[type].code
}

/** The size of one element. */
export function elementSizeBytes(type: ElementType): number {
  return kinds[type].sizeBytes
}

/** The element type with this number of onnx.proto, or undefined where it is none known here. */
export function findElementType(code: number): ElementType | undefined {
  return typesByCode.get(code)
}

/** A zeroed array of `length` elements. */
export function allocateElements<T extends ElementType>(type: T, length: number): TypedArrays[T] {
  return kinds[type].allocate(length)
}

/** A view of the bytes behind a typed array. */
export function bytesOf(data: ArrayBufferView): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
}
