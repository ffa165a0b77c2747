/** Shape rules of reductions and normalizations. */
import { intAttribute, intsAttribute } from '../attributes.js'
import { sharedRule } from './elementwise.js'
import {
  constantInput,
  inputOf,
  type NodeContext,
  normalizeAxis,
  type ShapeRules,
  type StaticValue,
} from './shapeRule.js'

const reduceOps =
  'ReduceMean ReduceSum ReduceMax ReduceMin ReduceProd ReduceLogSumExp ReduceLogSum ReduceL1 ReduceL2 ReduceSumSquare'

export const reductionShapes: ShapeRules = {
  ...sharedRule(reduceOps, reduceShape),
  ...sharedRule('ArgMax ArgMin', argShape),
  ...sharedRule('InstanceNormalization GroupNormalization', (c) => [plain(c)]),
  LayerNormalization: layerNormShape,
  BatchNormalization: batchNormShape,
}

function plain(context: NodeContext): StaticValue {
  const { type, shape } = inputOf(context, 0)
  return { type, shape }
}

/** Axes are an attribute in older opsets and the second input in newer ones; none means all. */
function reduceShape(context: NodeContext): StaticValue[] {
  const { node } = context
  const { type, shape } = inputOf(context, 0)
  const given = intsAttribute(node, 'axes') ?? constantInput(context, 1) ?? []
  if (given.length === 0 && intAttribute(node, 'noop_with_empty_axes', 0)) return [{ type, shape }]
  const axes =
    given.length === 0
      ? shape.map((_, axis) => axis)
      : given.map((axis) => normalizeAxis(context, axis, shape.length))
  return [{ type, shape: dropAxes(shape, axes, intAttribute(node, 'keepdims', 1)) }]
}

function argShape(context: NodeContext): StaticValue[] {
  const { shape } = inputOf(context, 0)
  const axis = normalizeAxis(context, intAttribute(context.node, 'axis', 0), shape.length)
  const keepDims = intAttribute(context.node, 'keepdims', 1)
  return [{ type: 'int64', shape: dropAxes(shape, [axis], keepDims) }]
}

function dropAxes(
  shape: readonly number[],
  axes: readonly number[],
  keepDims: number,
): readonly number[] {
  if (keepDims) return shape.map((size, axis) => (axes.includes(axis) ? 1 : size))
  return shape.filter((_, axis) => !axes.includes(axis))
}

/** y, and mean and inverse standard deviation with ones on the normalized axes, always float32. */
function layerNormShape(context: NodeContext): StaticValue[] {
  const { shape } = inputOf(context, 0)
  const axis = normalizeAxis(context, intAttribute(context.node, 'axis', -1), shape.length)
  const statistics = {
    type: 'float32',
    shape: shape.map((size, index) => (index < axis ? size : 1)),
  } as const
  return [plain(context), statistics, statistics]
}

/** y, and in training mode the running mean and variance. */
function batchNormShape(context: NodeContext): StaticValue[] {
  const { type, shape } = inputOf(context, 3)
  return [plain(context), { type, shape }, { type, shape }]
}
