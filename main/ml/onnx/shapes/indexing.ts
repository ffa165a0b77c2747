/** Shape rules of operators that select by index or make tensors from shapes. */
import { intAttribute, tensorAttribute } from '../attributes.js'
import {
  inputOf,
  mismatch,
  type NodeContext,
  normalizeAxis,
  requiredConstant,
  type ShapeRules,
  type StaticValue,
} from './shapeRule.js'

export const indexingShapes: ShapeRules = {
  Gather: gatherShape,
  GatherElements: (c) => [{ type: inputOf(c, 0).type, shape: inputOf(c, 1).shape }],
  GatherND: gatherNdShape,
  ScatterElements: (c) => [{ type: inputOf(c, 0).type, shape: inputOf(c, 0).shape }],
  ScatterND: (c) => [{ type: inputOf(c, 0).type, shape: inputOf(c, 0).shape }],
  OneHot: oneHotShape,
  TopK: topKShape,
  Shape: (c) => [{ type: 'int64', shape: [shapeSlice(c).length] }],
  Size: () => [{ type: 'int64', shape: [] }],
  ConstantOfShape: (c) => [
    { type: tensorAttribute(c.node, 'value')?.type ?? 'float32', shape: requiredConstant(c, 0) },
  ],
  Range: rangeShape,
}

function gatherShape(context: NodeContext): StaticValue[] {
  const { type, shape } = inputOf(context, 0)
  const axis = normalizeAxis(context, intAttribute(context.node, 'axis', 0), shape.length)
  const indices = inputOf(context, 1).shape
  return [{ type, shape: [...shape.slice(0, axis), ...indices, ...shape.slice(axis + 1)] }]
}

function gatherNdShape(context: NodeContext): StaticValue[] {
  const { type, shape } = inputOf(context, 0)
  const indices = inputOf(context, 1).shape
  const batchDims = intAttribute(context.node, 'batch_dims', 0)
  const rest = shape.slice(batchDims + indices.at(-1)!)
  return [{ type, shape: [...indices.slice(0, -1), ...rest] }]
}

/** Values and their places along the axis. */
function topKShape(context: NodeContext): StaticValue[] {
  const { type, shape } = inputOf(context, 0)
  const axis = normalizeAxis(context, intAttribute(context.node, 'axis', -1), shape.length)
  const [count = 0] = requiredConstant(context, 1)
  if (count > shape[axis]!) throw mismatch(context, `it has no ${count} values along axis ${axis}`)
  const result = shape.map((size, at) => (at === axis ? count : size))
  return [
    { type, shape: result },
    { type: 'int64', shape: result },
  ]
}

function oneHotShape(context: NodeContext): StaticValue[] {
  const { shape } = inputOf(context, 0)
  const [depth = 0] = requiredConstant(context, 1)
  const given = intAttribute(context.node, 'axis', -1)
  const axis = normalizeAxis(context, given, shape.length + 1)
  const result = [...shape.slice(0, axis), depth, ...shape.slice(axis)]
  return [{ type: inputOf(context, 2).type, shape: result }]
}

/** The part of its input's shape that a Shape node gives, by its `start` and `end`. */
export function shapeSlice(context: NodeContext): readonly number[] {
  const { shape } = inputOf(context, 0)
  const start = intAttribute(context.node, 'start', 0)
  return shape.slice(start, intAttribute(context.node, 'end', shape.length))
}

function rangeShape(context: NodeContext): StaticValue[] {
  const [start, limit, delta] = [0, 1, 2].map((index) => requiredConstant(context, index)[0]!) as [
    number,
    number,
    number,
  ]
  if (delta === 0) throw mismatch(context, 'its step is 0')
  const count = Math.max(0, Math.ceil((limit - start) / delta))
  return [{ type: inputOf(context, 0).type, shape: [count] }]
}
