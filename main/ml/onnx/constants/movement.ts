/** Constant tensors through operators that only move elements: exact for every element type. */
import { intAttribute } from '../attributes.js'
import { allocateElements } from '../elementTypes.js'
import type { TensorData } from '../graph.js'
import { permutationOf, sliceBounds } from '../shapes/layout.js'
import {
  clampedNumbers,
  elementCount,
  inputOf,
  type NodeContext,
  normalizeAxis,
  type StaticValue,
} from '../shapes/shapeRule.js'

/** Gives all outputs of a node whose inputs are constant. */
export type ConstantRule = (
  context: NodeContext,
  outputs: readonly StaticValue[],
) => TensorData[] | undefined

export const movementRules: Readonly<Record<string, ConstantRule>> = {
  Identity: sameOrder,
  Reshape: sameOrder,
  Flatten: sameOrder,
  Squeeze: sameOrder,
  Unsqueeze: sameOrder,
  Transpose: (c, [output]) => [pick(c, output!, transposedIndices(c, output!))],
  Slice: (c, [output]) => [pick(c, output!, slicedIndices(c, output!))],
  Expand: (c, [output]) => [pick(c, output!, expandedIndices(c, output!))],
  Gather: (c, [output]) => [pick(c, output!, gatheredIndices(c))],
  Split: splitIndices,
  Concat: concatenate,
}

function tensorOf(context: NodeContext, index = 0): TensorData {
  return inputOf(context, index).tensor!
}

function sameOrder(context: NodeContext, [output]: readonly StaticValue[]): TensorData[] {
  return [{ ...tensorOf(context), dims: output!.shape }]
}

function pick(context: NodeContext, output: StaticValue, indices: readonly number[]): TensorData {
  const source = tensorOf(context)
  const data = allocateElements(source.type, indices.length)
  indices.forEach((from, to) => {
    data[to] = source.data[from]!
  })
  return { type: source.type, dims: output.shape, data } as TensorData
}

/** Distances between neighbours along each axis of a row-major tensor. */
function stridesOf(shape: readonly number[]): number[] {
  return shape.map((_, axis) => elementCount(shape.slice(axis + 1)))
}

/** Source indices of a row-major walk over `shape` where each axis moves the source by its stride. */
function stridedIndices(shape: readonly number[], strides: readonly number[], base = 0): number[] {
  let indices = [base]
  shape.forEach((size, axis) => {
    const steps = Array.from({ length: size }, (_, i) => i * strides[axis]!)
    indices = indices.flatMap((index) => steps.map((step) => index + step))
  })
  return indices
}

function transposedIndices(context: NodeContext, output: StaticValue): number[] {
  const strides = stridesOf(inputOf(context, 0).shape)
  return stridedIndices(
    output.shape,
    permutationOf(context).map((axis) => strides[axis]!),
  )
}

function slicedIndices(context: NodeContext, output: StaticValue): number[] {
  const bounds = sliceBounds(context)
  const strides = stridesOf(inputOf(context, 0).shape)
  const base = bounds.reduce((sum, { start }, axis) => sum + start * strides[axis]!, 0)
  return stridedIndices(
    output.shape,
    bounds.map(({ step }, axis) => step * strides[axis]!),
    base,
  )
}

function expandedIndices(context: NodeContext, output: StaticValue): number[] {
  return broadcastIndices(inputOf(context, 0).shape, output.shape)
}

/** Source indices of a tensor of `shape` broadcast to `target`. */
export function broadcastIndices(shape: readonly number[], target: readonly number[]): number[] {
  const strides = stridesOf(shape)
  const offset = target.length - shape.length
  return stridedIndices(
    target,
    target.map((_, axis) => ((shape[axis - offset] ?? 1) === 1 ? 0 : strides[axis - offset]!)),
  )
}

function gatheredIndices(context: NodeContext): number[] {
  const { shape } = inputOf(context, 0)
  const axis = normalizeAxis(context, intAttribute(context.node, 'axis', 0), shape.length)
  const inner = elementCount(shape.slice(axis + 1))
  const outer = elementCount(shape.slice(0, axis))
  const rows = clampedNumbers(tensorOf(context, 1)).map((index) =>
    normalizeAxis(context, index, shape[axis]!),
  )
  return Array.from({ length: outer }, (_, i) => i).flatMap((block) =>
    rows.flatMap((row) =>
      Array.from({ length: inner }, (_, i) => (block * shape[axis]! + row) * inner + i),
    ),
  )
}

function splitIndices(context: NodeContext, outputs: readonly StaticValue[]): TensorData[] {
  const { shape } = inputOf(context, 0)
  const axis = normalizeAxis(context, intAttribute(context.node, 'axis', 0), shape.length)
  const strides = stridesOf(shape)
  let start = 0
  return outputs.map((output) => {
    const base = start * strides[axis]!
    start += output.shape[axis]!
    return pick(context, output, stridedIndices(output.shape, strides, base))
  })
}

function concatenate(context: NodeContext, [output]: readonly StaticValue[]): TensorData[] {
  const { shape, type } = output!
  const axis = normalizeAxis(context, intAttribute(context.node, 'axis', 0), shape.length)
  const inner = elementCount(shape.slice(axis + 1))
  const parts = context.inputs.map((_, index) => tensorOf(context, index))
  const data = allocateElements(type, elementCount(shape))
  let to = 0
  for (let block = 0; block < elementCount(shape.slice(0, axis)); block++) {
    for (const part of parts) {
      const length = part.dims[axis]! * inner
      for (let i = 0; i < length; i++) data[to++] = part.data[block * length + i]!
    }
  }
  return [{ type, dims: shape, data } as TensorData]
}
