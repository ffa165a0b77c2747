/** Memory for what forward passes keep for backward ones, used again in every step. */
import { totalmem } from 'node:os'
import type { Tensors } from '../../runtime/session.js'
import type { KeptValue } from './splitGradient.js'

export interface ActivationStore {
  /** False where there is no room at all. */
  readonly mayKeep: boolean
  /** Room for these values until `reset`; null where none is left. */
  take(values: readonly KeptValue[]): Tensors | null
  /** Gives all room back, to be taken in the same order by the next step. */
  reset(): void
}

const mostBytes = 3 * 2 ** 30
const shareOfMemory = 1 / 8

/**
 * What kept values may take beside `usedBytes` of weights, gradients and optimizer state. It depends
 * on the machine alone and not on what is free just now, so that a run can be repeated.
 */
export function keptBytesBeside(usedBytes: number): number {
  return Math.max(0, Math.min(mostBytes, shareOfMemory * totalmem()) - usedBytes)
}

export function createActivationStore(mostKeptBytes: number): ActivationStore {
  const blocks: Float32Array[] = []
  let taken = 0
  return {
    mayKeep: mostKeptBytes > 0,
    take(values) {
      const length = values.reduce((sum, { dims }) => sum + sizeOf(dims), 0)
      const others = blocks.reduce((sum, block, i) => (i === taken ? sum : sum + block.length), 0)
      let block = blocks[taken]
      if (block === undefined || block.length < length) {
        if ((others + length) * Float32Array.BYTES_PER_ELEMENT > mostKeptBytes) return null
        block = new Float32Array(length)
        blocks[taken] = block
      }
      taken++
      return cutBlock(block, values)
    },
    reset() {
      taken = 0
    },
  }
}

function cutBlock(block: Float32Array, values: readonly KeptValue[]): Tensors {
  const tensors: Tensors = {}
  let at = 0
  for (const { name, dims } of values) {
    const end = at + sizeOf(dims)
    tensors[name] = { type: 'float32', dims, data: block.subarray(at, end) }
    at = end
  }
  return tensors
}

function sizeOf(dims: readonly number[]): number {
  return dims.reduce((size, dim) => size * dim, 1)
}
