/** Rules of reductions: a cotangent is spread over the axes that were reduced. */

import { intAttribute, intsAttribute } from '../../onnx/attributes.js'
import { sizeOf } from '../dims.js'
import type { RuleContext, RuleTable } from '../rule.js'

export const reductionRules: RuleTable = {
  // y = sum x: dx = dy
  ReduceSum: (c) => [() => spread(c, kept(c, c.dy))],
  // y = (1/n) sum x: dx = dy / n
  ReduceMean: (c) => [
    () => {
      const ratio = sizeOf(c.shape(c.y[0]!)) / sizeOf(c.shape(c.x[0]!))
      return spread(c, kept(c, c.op('Mul', [c.dy, c.scalar(ratio)])))
    },
  ],
  // y = sum x^2: dx = 2 dy x
  ReduceSumSquare: (c) => [() => c.op('Mul', [c.x[0]!, kept(c, c.op('Mul', [c.dy, c.scalar(2)]))])],
  // y = sqrt(sum x^2): dx = x (dy / y)
  ReduceL2: (c) => [() => c.op('Mul', [c.x[0]!, kept(c, c.op('Div', [c.dy, c.y[0]!]))])],
  // y = sum |x|: dx = dy sign x
  ReduceL1: (c) => [() => c.op('Mul', [c.op('Sign', [c.x[0]!]), kept(c, c.dy)])],
  // y = log sum x: dx = dy / exp y
  ReduceLogSum: (c) => [() => spread(c, kept(c, c.op('Div', [c.dy, c.op('Exp', [c.y[0]!])])))],
  // y = log sum exp x: dx = dy exp(x - y)
  ReduceLogSumExp: (c) => [
    () => c.op('Mul', [kept(c, c.dy), c.op('Exp', [c.op('Sub', [c.x[0]!, kept(c, c.y[0]!)])])]),
  ],
  // y = max x: dx = dy [x = y] / (number of x = y)
  ReduceMax: (c) => [() => extremum(c)],
  // y = min x: dx = dy [x = y] / (number of x = y)
  ReduceMin: (c) => [() => extremum(c)],
  // y_i = sum of x_j, j <= i: dx_j = sum of dy_i, i >= j
  CumSum: ({ op, node, dy, x }) => [
    () =>
      op('CumSum', [dy, x[1]!], {
        exclusive: intAttribute(node, 'exclusive', 0),
        reverse: 1 - intAttribute(node, 'reverse', 0),
      }),
  ],
}

/** The reduced axes, counted from the front; an attribute or, later, an input. */
function reducedAxes({ node, x, shape, constantInts }: RuleContext): readonly number[] {
  const rank = shape(x[0]!).length
  const given = x[1] ? constantInts(x[1]) : intsAttribute(node, 'axes')
  if (given?.length) return given.map((axis) => (axis < 0 ? axis + rank : axis))
  const none = intAttribute(node, 'noop_with_empty_axes', 0) !== 0
  return none ? [] : Array.from({ length: rank }, (_, axis) => axis)
}

/** A value of the output's shape with the reduced axes kept as 1, so that it broadcasts. */
function kept(context: RuleContext, value: string): string {
  const { node, shape, reshape, x } = context
  if (intAttribute(node, 'keepdims', 1)) return value
  const axes = reducedAxes(context)
  return reshape(
    value,
    shape(x[0]!).map((dim, axis) => (axes.includes(axis) ? 1 : dim)),
  )
}

function spread({ op, ints, shape, x }: RuleContext, value: string): string {
  return op('Expand', [value, ints(shape(x[0]!))])
}

function extremum(context: RuleContext): string {
  const { op, ints, dy, x, y } = context
  const mask = op('Cast', [op('Equal', [x[0]!, kept(context, y[0]!)])], { to: 1 })
  const axes = reducedAxes(context)
  if (axes.length === 0) return dy
  const count = op('ReduceSum', [mask, ints(axes)], { keepdims: 1 })
  return op('Mul', [mask, op('Div', [kept(context, dy), count])])
}
