/** Makes tensors fit to move to another thread: each array alone in its buffer. */
import type { TensorData } from '../onnx/graph.js'
import type { Tensors } from './session.js'

export interface MovableTensors {
  readonly tensors: Tensors
  /** The buffers behind the tensors, each once. */
  readonly buffers: readonly ArrayBuffer[]
}

/**
 * @param copy whether the caller keeps its arrays. Where it does not, only arrays that share their
 *   buffer with other data are copied, as moving a buffer takes everything in it.
 */
export function prepareTransfer(tensors: Tensors, copy: boolean): MovableTensors {
  const movable: Tensors = {}
  const buffers = new Set<ArrayBuffer>()
  for (const [name, tensor] of Object.entries(tensors)) {
    const { data } = tensor
    const alone =
      data.byteLength === data.buffer.byteLength && !buffers.has(data.buffer as ArrayBuffer)
    const own = copy || !alone ? data.slice() : data
    movable[name] = { ...tensor, data: own } as TensorData
    buffers.add(own.buffer as ArrayBuffer)
  }
  return { tensors: movable, buffers: [...buffers] }
}
