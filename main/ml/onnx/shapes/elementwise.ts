/** Shape rules of operators that work element by element, and of those that keep their input's shape. */
import { intAttribute } from '../attributes.js'
import { findElementType } from '../elementTypes.js'
import {
  broadcastShapes,
  inputOf,
  type KnownValue,
  mismatch,
  type NodeContext,
  type ShapeRule,
  type ShapeRules,
  type StaticValue,
} from './shapeRule.js'

const unaryOps =
  'Neg Abs Sqrt Exp Log Erf Tanh Sigmoid Relu LeakyRelu Elu Selu Celu Clip Reciprocal Softplus Softsign ' +
  'Mish Sin Cos Tan Asin Acos Atan Sinh Cosh Asinh Acosh Atanh Floor Ceil Round Sign Not HardSwish ' +
  'HardSigmoid ThresholdedRelu Gelu FastGelu QuickGelu BiasGelu Identity CumSum Trilu Softmax LogSoftmax ' +
  'Hardmax LpNormalization PRelu'

const broadcastOps = 'Add Sub Mul Div Pow Mod Min Max Sum Mean And Or Xor'
const comparisonOps = 'Equal Less Greater LessOrEqual GreaterOrEqual'

const sameAsInput: ShapeRule = (c) => [shapeOf(inputOf(c, 0))]

const broadcast: ShapeRule = (c) => [{ type: inputOf(c, 0).type, shape: broadcastInputs(c) }]

const comparison: ShapeRule = (c) => [{ type: 'bool', shape: broadcastInputs(c) }]

const test: ShapeRule = (c) => [{ type: 'bool', shape: inputOf(c, 0).shape }]

export const elementwiseShapes: ShapeRules = {
  ...sharedRule(unaryOps, sameAsInput),
  ...sharedRule(broadcastOps, broadcast),
  ...sharedRule(comparisonOps, comparison),
  ...sharedRule('IsNaN IsInf', test),
  Where: (c) => [{ type: inputOf(c, 1).type, shape: broadcastInputs(c) }],
  Dropout: (c) => [shapeOf(inputOf(c, 0)), { type: 'bool', shape: inputOf(c, 0).shape }],
  Cast: castShape,
  CastLike: (c) => [{ type: inputOf(c, 1).type, shape: inputOf(c, 0).shape }],
}

/** The same rule for each operator in a list separated by blanks. */
export function sharedRule(opTypes: string, rule: ShapeRule): ShapeRules {
  return Object.fromEntries(opTypes.split(' ').map((opType) => [opType, rule]))
}

function shapeOf({ type, shape }: KnownValue): StaticValue {
  return { type, shape }
}

function broadcastInputs(context: NodeContext): number[] {
  const shapes = context.inputs.map((_, index) => inputOf(context, index).shape)
  return broadcastShapes(context, shapes)
}

function castShape(context: NodeContext): StaticValue[] {
  const code = intAttribute(context.node, 'to', 0)
  const type = findElementType(code)
  if (type === undefined) throw mismatch(context, `it casts to the unknown element type ${code}`)
  return [{ type, shape: inputOf(context, 0).shape }]
}
