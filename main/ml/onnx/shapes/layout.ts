/** Shape rules of operators that move elements without computing: reshape, cut, join, repeat. */
import { intAttribute, intsAttribute, stringAttribute } from '../attributes.js'
import {
  broadcastShapes,
  constantInput,
  elementCount,
  inputOf,
  mismatch,
  type NodeContext,
  normalizeAxis,
  requiredConstant,
  type ShapeRules,
  type StaticValue,
} from './shapeRule.js'

export const layoutShapes: ShapeRules = {
  Reshape: (c) => withShape(c, reshape(c)),
  Flatten: (c) => withShape(c, flatten(c)),
  Squeeze: (c) => withShape(c, squeeze(c)),
  Unsqueeze: (c) => withShape(c, unsqueeze(c)),
  Transpose: (c) => withShape(c, transpose(c)),
  Concat: (c) => withShape(c, concat(c)),
  Split: splitShape,
  Slice: (c) =>
    withShape(
      c,
      sliceBounds(c).map(({ count }) => count),
    ),
  Pad: (c) => withShape(c, pad(c)),
  Expand: (c) => withShape(c, broadcastShapes(c, [inputOf(c, 0).shape, requiredConstant(c, 1)])),
  Tile: (c) => withShape(c, tile(c)),
  Resize: (c) => withShape(c, resize(c)),
  DepthToSpace: (c) => withShape(c, depthToSpace(c)),
  SpaceToDepth: (c) => withShape(c, spaceToDepth(c)),
}

function withShape(context: NodeContext, shape: readonly number[]): StaticValue[] {
  return [{ type: inputOf(context, 0).type, shape }]
}

function reshape(context: NodeContext): number[] {
  const { shape } = inputOf(context, 0)
  const wanted = requiredConstant(context, 1)
  const allowZero = intAttribute(context.node, 'allowzero', 0)
  const sizes = wanted.map((size, axis) => (size === 0 && !allowZero ? (shape[axis] ?? -2) : size))
  const known = elementCount(sizes.filter((size) => size !== -1))
  const total = elementCount(shape)
  const result = sizes.map((size) => (size === -1 ? total / known : size))
  if (
    elementCount(result) !== total ||
    result.some((size) => !Number.isInteger(size) || size < 0)
  ) {
    throw mismatch(context, `[${shape.join(', ')}] cannot become [${wanted.join(', ')}]`)
  }
  return result
}

function flatten(context: NodeContext): number[] {
  const { shape } = inputOf(context, 0)
  const given = intAttribute(context.node, 'axis', 1)
  const axis = given < 0 ? given + shape.length : given
  return [elementCount(shape.slice(0, axis)), elementCount(shape.slice(axis))]
}

function axesOf(context: NodeContext): readonly number[] | undefined {
  return intsAttribute(context.node, 'axes') ?? constantInput(context, 1)
}

function squeeze(context: NodeContext): number[] {
  const { shape } = inputOf(context, 0)
  const axes = axesOf(context)?.map((axis) => normalizeAxis(context, axis, shape.length))
  return shape.filter((size, axis) => (axes ? !axes.includes(axis) : size !== 1))
}

function unsqueeze(context: NodeContext): number[] {
  const { shape } = inputOf(context, 0)
  const given = axesOf(context) ?? []
  const rank = shape.length + given.length
  const axes = given.map((axis) => normalizeAxis(context, axis, rank))
  const rest = [...shape]
  return Array.from({ length: rank }, (_, axis) => (axes.includes(axis) ? 1 : rest.shift()!))
}

function transpose(context: NodeContext): number[] {
  const { shape } = inputOf(context, 0)
  return permutationOf(context).map((axis) => shape[axis]!)
}

/** The permutation of a Transpose: reversed axes where none is given. */
export function permutationOf(context: NodeContext): readonly number[] {
  const { shape } = inputOf(context, 0)
  const permutation = intsAttribute(context.node, 'perm') ?? shape.map((_, axis) => axis).reverse()
  if (permutation.length !== shape.length) {
    throw mismatch(context, `a permutation of ${permutation.length} axes over ${shape.length}`)
  }
  return permutation
}

function concat(context: NodeContext): number[] {
  const shapes = context.inputs.map((_, index) => inputOf(context, index).shape)
  const [first = []] = shapes
  const axis = normalizeAxis(context, intAttribute(context.node, 'axis', 0), first.length)
  for (const shape of shapes) {
    if (shape.length !== first.length || shape.some((s, i) => i !== axis && s !== first[i])) {
      throw mismatch(context, `[${first.join(', ')}] and [${shape.join(', ')}] do not join`)
    }
  }
  const size = shapes.reduce((sum, shape) => sum + shape[axis]!, 0)
  return first.map((s, i) => (i === axis ? size : s))
}

function splitShape(context: NodeContext): StaticValue[] {
  const { node } = context
  const { type, shape } = inputOf(context, 0)
  const axis = normalizeAxis(context, intAttribute(node, 'axis', 0), shape.length)
  const count = node.outputs.length
  const size = shape[axis]!
  const even = Math.ceil(size / count)
  const sizes =
    intsAttribute(node, 'split') ??
    constantInput(context, 1) ??
    node.outputs.map((_, index) => Math.min(even, size - even * index))
  if (sizes.reduce((sum, part) => sum + part, 0) !== size || sizes.some((part) => part < 0)) {
    throw mismatch(context, `${size} cannot be split into ${sizes.join(', ')}`)
  }
  return sizes.map((part) => ({ type, shape: shape.map((s, i) => (i === axis ? part : s)) }))
}

/** Where a Slice starts, how it steps and how much it takes, for each axis of its input. */
export interface SliceBounds {
  readonly start: number
  readonly step: number
  readonly count: number
}

/** The bounds of a Slice, with ends beyond the input cut off. */
export function sliceBounds(context: NodeContext): SliceBounds[] {
  const { node } = context
  const { shape } = inputOf(context, 0)
  const starts = intsAttribute(node, 'starts') ?? requiredConstant(context, 1)
  const ends = intsAttribute(node, 'ends') ?? requiredConstant(context, 2)
  const axes = intsAttribute(node, 'axes') ?? constantInput(context, 3) ?? starts.map((_, i) => i)
  const steps = constantInput(context, 4) ?? starts.map(() => 1)
  const bounds = shape.map((size): SliceBounds => ({ start: 0, step: 1, count: size }))
  axes.forEach((axis, index) => {
    const at = normalizeAxis(context, axis, shape.length)
    bounds[at] = boundsOf(shape[at]!, starts[index]!, ends[index]!, steps[index]!)
  })
  return bounds
}

function boundsOf(size: number, start: number, end: number, step: number): SliceBounds {
  const fromFront = (index: number) => (index < 0 ? index + size : index)
  const [low, high] = step > 0 ? [0, size] : [-1, size - 1]
  const clamp = (index: number) => Math.min(high, Math.max(low, fromFront(index)))
  const first = step > 0 ? clamp(start) : Math.max(0, clamp(start))
  const count = Math.max(0, Math.ceil((clamp(end) - first) / step))
  return { start: first, step, count }
}

function pad(context: NodeContext): number[] {
  const { shape } = inputOf(context, 0)
  const pads = intsAttribute(context.node, 'pads') ?? requiredConstant(context, 1)
  const axes = constantInput(context, 3) ?? shape.map((_, axis) => axis)
  const result = [...shape]
  axes.forEach((axis, index) => {
    const at = normalizeAxis(context, axis, shape.length)
    result[at]! += pads[index]! + pads[index + axes.length]!
  })
  return result
}

function tile(context: NodeContext): number[] {
  const repeats = requiredConstant(context, 1)
  return inputOf(context, 0).shape.map((size, axis) => size * repeats[axis]!)
}

function resize(context: NodeContext): number[] {
  const { shape } = inputOf(context, 0)
  const policy = stringAttribute(context.node, 'keep_aspect_ratio_policy', 'stretch')
  if (policy !== 'stretch') throw mismatch(context, `the policy "${policy}" is not supported`)
  const axes = intsAttribute(context.node, 'axes') ?? shape.map((_, axis) => axis)
  const sizes = constantInput(context, 3)
  const scales = sizes?.length ? undefined : requiredConstant(context, 2)
  const result = [...shape]
  axes.forEach((axis, index) => {
    const at = normalizeAxis(context, axis, shape.length)
    result[at] = scales ? Math.floor(shape[at]! * scales[index]!) : sizes![index]!
  })
  return result
}

function depthToSpace(context: NodeContext): number[] {
  const [n, c, h, w] = inputOf(context, 0).shape as [number, number, number, number]
  const block = intAttribute(context.node, 'blocksize', 1)
  return [n, c / (block * block), h * block, w * block]
}

function spaceToDepth(context: NodeContext): number[] {
  const [n, c, h, w] = inputOf(context, 0).shape as [number, number, number, number]
  const block = intAttribute(context.node, 'blocksize', 1)
  return [n, c * block * block, h / block, w / block]
}
