/** Rules of operators that only move values: each one's gradient moves them back. */

import { AppError } from '../../../../shared/errors.js'
import { intAttribute, intsAttribute, stringAttribute } from '../../onnx/attributes.js'
import { frontAxis } from '../dims.js'
import type { RuleContext, RuleTable } from '../rule.js'
import { unbroadcast } from '../unbroadcast.js'

/** y = x in another shape: dx = dy in the shape of x. */
const sameValues = ({ reshape, shape, dy, x }: RuleContext) => [() => reshape(dy, shape(x[0]!))]

export const layoutRules: RuleTable = {
  // y = x in another shape: dx = dy in the shape of x
  Reshape: sameValues,
  // as Reshape
  Flatten: sameValues,
  // as Reshape
  Squeeze: sameValues,
  // as Reshape
  Unsqueeze: sameValues,
  // y = transpose(x, p): dx = transpose(dy, inverse of p)
  Transpose: (c) => [() => c.op('Transpose', [c.dy], { perm: inversePermutation(c) })],
  // y = [x_0, x_1, ...]: dx_i = slice i of dy
  Concat: (c) => c.x.map((_, index) => () => sliceOfConcat(c, index)),
  // y_i = part i of x: dx = [dy_0, dy_1, ...]
  Split: ({ op, zeros, node, shape, y, cotangents }) => [
    () => {
      const parts = y.map((value, index) => cotangents[index] ?? zeros(shape(value)))
      return op('Concat', parts, { axis: intAttribute(node, 'axis', 0) })
    },
  ],
  // y = x[starts:ends:steps]: dx = dy among zeros
  Slice: (c) => [() => unslice(c)],
  // y = x between constants: dx = the part of dy that was x (pads of opposite sign)
  Pad: (c) => [() => unpad(c)],
  // y = x repeated along broadcast axes: dx = sum of dy over them
  Expand: (c) => [() => unbroadcast(c, c.dy, c.shape(c.y[0]!), c.shape(c.x[0]!))],
  // y = x repeated r times along each axis: dx = sum of dy over the repetitions
  Tile: (c) => [() => untile(c)],
  // y = x on one side of a diagonal, else 0: dx = dy there, else 0
  Trilu: ({ op, node, dy, x }) => [
    () => op('Trilu', x[1] ? [dy, x[1]] : [dy], { upper: intAttribute(node, 'upper', 1) }),
  ],
  // y = blocks of depth in space, or of space in depth: dx = the inverse
  DepthToSpace: (c) => [() => fromSpace(c)],
  // as DepthToSpace, the other way
  SpaceToDepth: (c) => [
    () => c.op('DepthToSpace', [c.dy], { blocksize: intAttribute(c.node, 'blocksize', 1) }),
  ],
}

function inversePermutation({ node, shape, x }: RuleContext): number[] {
  const rank = shape(x[0]!).length
  const perm = intsAttribute(node, 'perm') ?? Array.from({ length: rank }, (_, i) => rank - 1 - i)
  return perm.map((_, axis) => perm.indexOf(axis))
}

function sliceOfConcat({ op, ints, node, shape, dy, x }: RuleContext, index: number): string {
  const axis = frontAxis(intAttribute(node, 'axis', 0), shape(x[0]!).length)
  const sizes = x.map((value) => shape(value)[axis]!)
  const start = sizes.slice(0, index).reduce((sum, size) => sum + size, 0)
  const end = start + sizes[index]!
  return op('Slice', [dy, ints([start]), ints([end]), ints([axis])])
}

function unslice(context: RuleContext): string {
  const { op, ints, constantInts, shape, x, dy } = context
  const input = shape(x[0]!)
  const starts = constantInts(x[1]!)
  const axes = (x[3] ? constantInts(x[3]) : starts.map((_, i) => i)).map((axis) =>
    frontAxis(axis, input.length),
  )
  const steps = x[4] ? constantInts(x[4]) : axes.map(() => 1)
  const before = input.map(() => 0)
  const after = input.map(() => 0)
  let value = dy
  axes.forEach((axis, i) => {
    const [size, count] = [input[axis]!, shape(context.y[0]!)[axis]!]
    const first = firstIndex(starts[i]!, size, steps[i]!)
    if (steps[i] !== 1) {
      value = spreadAlong(context, value, { axis, size, count, first, step: steps[i]! })
      return
    }
    before[axis] = first
    after[axis] = size - first - count
  })
  if ([...before, ...after].every((pad) => pad === 0)) return value
  return op('Pad', [value, ints([...before, ...after])])
}

/** Where a slice starts: counted from the front and held within the axis. */
function firstIndex(start: number, size: number, step: number): number {
  const front = start < 0 ? start + size : start
  return Math.min(Math.max(front, 0), step < 0 ? size - 1 : size)
}

interface Stride {
  readonly axis: number
  readonly size: number
  readonly count: number
  readonly first: number
  readonly step: number
}

/** Puts `count` slices at first, first + step, ... among zeros: a Gather from them and one zero. */
function spreadAlong(context: RuleContext, value: string, stride: Stride): string {
  const { op, ints } = context
  const { axis, size, count, first, step } = stride
  const source = Array<number>(size).fill(count)
  for (let i = 0; i < count; i++) source[first + i * step] = i
  const padded = op('Pad', [value, ints([0, 1]), '', ints([axis])])
  return op('Gather', [padded, ints(source)], { axis })
}

function unpad({ op, ints, constantInts, node, x, dy }: RuleContext): string {
  const mode = stringAttribute(node, 'mode', 'constant')
  if (mode !== 'constant') {
    throw new AppError('GRADIENT_RULE_MISSING', { opType: `Pad (${mode})`, opset: 18 })
  }
  const opposite = ints(constantInts(x[1]!).map((pad) => -pad))
  return op('Pad', x[3] ? [dy, opposite, '', x[3]] : [dy, opposite])
}

function untile({ op, ints, reshape, shape, x, y, dy }: RuleContext): string {
  const input = shape(x[0]!)
  const output = shape(y[0]!)
  const split = reshape(
    dy,
    input.flatMap((dim, axis) => [output[axis]! / dim, dim]),
  )
  return op('ReduceSum', [split, ints(input.map((_, axis) => 2 * axis))], { keepdims: 0 })
}

/** SpaceToDepth has no CRD mode, so the inverse of that one is written out. */
function fromSpace({ op, reshape, node, shape, x, dy }: RuleContext): string {
  const block = intAttribute(node, 'blocksize', 1)
  if (stringAttribute(node, 'mode', 'DCR') === 'DCR')
    return op('SpaceToDepth', [dy], { blocksize: block })
  const [n, c, h, w] = shape(x[0]!) as [number, number, number, number]
  const blocks = reshape(dy, [n, c / block ** 2, h, block, w, block])
  return reshape(op('Transpose', [blocks], { perm: [0, 1, 3, 5, 2, 4] }), [n, c, h, w])
}
