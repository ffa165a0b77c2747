/** Our tensors as onnxruntime's and back, without copying. */
import type { Tensor } from 'onnxruntime-node'
import type { ElementType, TensorData } from '../onnx/graph.js'
import { onnxruntime } from './onnxruntime.js'
import type { Tensors } from './session.js'

const elementTypes: ReadonlySet<string> = new Set<ElementType>([
  'float32',
  'float16',
  'float64',
  'int8',
  'uint8',
  'int32',
  'int64',
  'bool',
])

/** Wraps a tensor's array for onnxruntime, which then reads or writes that very memory. */
function toRuntimeTensor(name: string, tensor: TensorData): Tensor {
  if (tensor.data.buffer instanceof SharedArrayBuffer) {
    throw new TypeError(`tensor ${name}: onnxruntime cannot use shared memory`)
  }
  const { Tensor } = onnxruntime()
  return new Tensor(tensor.type, tensor.data, tensor.dims)
}

export function toRuntimeTensors(tensors: Tensors): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => [name, toRuntimeTensor(name, tensor)]),
  )
}

/** Takes over the array of a tensor that onnxruntime made. */
export function fromRuntimeTensor(name: string, tensor: Tensor): TensorData {
  const { type, dims } = tensor
  if (!elementTypes.has(type)) throw new TypeError(`tensor ${name}: unknown element type ${type}`)
  const data = type === 'float16' ? rawBits(tensor.data as ArrayBufferView) : tensor.data
  return { type, dims, data } as TensorData
}

/** Newer Nodes give float16 as Float16Array, Node 20 as its raw bits; here it is always the bits. */
function rawBits(data: ArrayBufferView): Uint16Array {
  if (data instanceof Uint16Array) return data
  return new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2)
}
