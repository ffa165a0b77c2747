/** The graph IR: plain data for an ONNX model with one graph and no control flow. */

/** Element types a tensor may have here, in ONNX's names in lower case. */
export type ElementType =
  | 'float32'
  | 'float16'
  | 'float64'
  | 'int8'
  | 'uint8'
  | 'int32'
  | 'int64'
  | 'bool'

/** The typed array that holds each element type; float16 is kept as its 16 raw bits. */
export interface TypedArrays {
  float32: Float32Array
  float16: Uint16Array
  float64: Float64Array
  int8: Int8Array
  uint8: Uint8Array
  int32: Int32Array
  int64: BigInt64Array
  bool: Uint8Array
}

/** A tensor's values in row-major order; `data.length` is the product of `dims`. */
export type TensorData = {
  [T in ElementType]: {
    readonly type: T
    readonly dims: readonly number[]
    readonly data: TypedArrays[T]
  }
}[ElementType]

/** A fixed size, or the name of one that is known only when the graph runs. */
export type Dim = number | string

/** The declared type and shape of a graph input or output. */
export interface ValueInfo {
  readonly name: string
  readonly type: ElementType
  readonly shape: readonly Dim[]
}

/** An attribute of a node. Integers are plain numbers, clamped to the safe range on reading. */
export type Attribute =
  | { readonly kind: 'int'; readonly value: number }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'ints'; readonly value: readonly number[] }
  | { readonly kind: 'floats'; readonly value: readonly number[] }
  | { readonly kind: 'strings'; readonly value: readonly string[] }
  | { readonly kind: 'tensor'; readonly value: TensorData }

/** The standard operator set ('') or one of onnxruntime's own. */
export type Domain = '' | 'com.microsoft'

/** One operation. An empty input or output name marks an optional one that is left out. */
export interface GraphNode {
  readonly name: string
  readonly opType: string
  readonly domain: Domain
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attributes: Readonly<Record<string, Attribute>>
}

/** A whole model. Nodes stand in topological order; every value name is assigned once. */
export interface Graph {
  readonly name: string
  /** Version of the standard operator set; com.microsoft is always version 1. */
  readonly opset: number
  readonly inputs: readonly ValueInfo[]
  readonly outputs: readonly ValueInfo[]
  readonly initializers: ReadonlyMap<string, TensorData>
  readonly nodes: readonly GraphNode[]
}

/** The opset that graphs built here are written in. */
export const builtOpset = 20
