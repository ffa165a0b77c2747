/** Rules of normalisations, each differentiated as one unit. */

import { AppError } from '../../../../shared/errors.js'
import { floatAttribute, intAttribute } from '../../onnx/attributes.js'
import { float } from '../../onnx/graphBuilder.js'
import { frontAxis, sizeOf } from '../dims.js'
import type { RuleContext, RuleTable, Vjp } from '../rule.js'
import { sumRows } from '../unbroadcast.js'

export const normalizationRules: RuleTable = {
  // xhat = r (x - m), y = xhat g + b: dx = r (d - mean d - xhat mean(d xhat)), d = dy g;
  // dg = sum dy xhat, db = sum dy
  LayerNormalization: (c) => layerNormalization(c),
  // r = 1/sqrt(v + e), y = r (x - m) g + b: dx = dy r g, dg = sum dy r (x - m), db = sum dy,
  // dm = -r g db, dv = -r^2 g dg / 2
  BatchNormalization: (c) => batchNormalization(c),
  // y = x / |x|: dx = (dy - y sum(dy y)) / |x|
  LpNormalization: (c) => [() => lpNormalization(c)],
}

/**
 * Works on rows of the input, [rows, columns], with columns the normalised axes.
 *
 * mean(dy g) and mean(dy g xhat) are products of the row g with the rows as columns, five times as
 * fast as with g as a column.
 */
function layerNormalization(context: RuleContext): (Vjp | null)[] {
  const { op, node, shape, reshape, x, dy, forwardOutput } = context
  const input = shape(x[0]!)
  const axis = frontAxis(intAttribute(node, 'axis', -1), input.length)
  const [rows, columns] = [sizeOf(input.slice(0, axis)), sizeOf(input.slice(axis))]
  const matrix = (value: string): string => reshape(value, [rows, columns])
  const perRow = (index: number): string => reshape(forwardOutput(index), [rows, 1])
  const xhat = (): string => op('Mul', [op('Sub', [matrix(x[0]!), perRow(1)]), perRow(2)])
  const weighted = (): string => op('Mul', [matrix(dy), xhat()])
  const scaledMean = (value: string): string => {
    const row = reshape(x[1]!, [1, columns])
    const attributes = { transB: 1, alpha: float(1 / columns) }
    return reshape(op('FusedMatMul', [row, value], attributes, 'com.microsoft'), [rows, 1])
  }
  return [
    () => {
      const d = op('Mul', [matrix(dy), reshape(x[1]!, [columns])])
      const shift = op('Mul', [xhat(), scaledMean(weighted())])
      const centred = op('Sub', [op('Sub', [d, scaledMean(matrix(dy))]), shift])
      return reshape(op('Mul', [centred, perRow(2)]), input)
    },
    () => sumRows(context, weighted(), rows, shape(x[1]!)),
    () => sumRows(context, dy, rows, shape(x[2]!)),
  ]
}

function batchNormalization(context: RuleContext): Vjp[] {
  const { op, scalar, ints, node, shape, reshape, x, dy } = context
  if (intAttribute(node, 'training_mode', 0)) {
    const opType = 'BatchNormalization (training mode)'
    throw new AppError('GRADIENT_RULE_MISSING', { opType, opset: 15 })
  }
  const input = shape(x[0]!)
  const channels = input[1]!
  const perChannel = (value: string): string =>
    reshape(value, [channels, ...input.slice(2).map(() => 1)])
  const axes = input.flatMap((_, axis) => (axis === 1 ? [] : [axis]))
  const sum = (value: string): string => op('ReduceSum', [value, ints(axes)], { keepdims: 0 })
  const variance = op('Add', [x[4]!, scalar(floatAttribute(node, 'epsilon', 1e-5))])
  const r = op('Reciprocal', [op('Sqrt', [variance])])
  const slope = op('Mul', [r, x[1]!])
  const dScale = (): string => {
    const centred = op('Sub', [x[0]!, perChannel(x[3]!)])
    return op('Mul', [sum(op('Mul', [dy, centred])), r])
  }
  const half = (): string => op('Mul', [op('Mul', [slope, r]), scalar(-0.5)])
  return [
    () => op('Mul', [dy, perChannel(slope)]),
    dScale,
    () => sum(dy),
    () => op('Neg', [op('Mul', [slope, sum(dy)])]),
    () => op('Mul', [half(), dScale()]),
  ]
}

function lpNormalization({ op, ints, scalar, node, dy, x, y }: RuleContext): string {
  const axis = ints([intAttribute(node, 'axis', -1)])
  const p = intAttribute(node, 'p', 2)
  const norm = op(p === 1 ? 'ReduceL1' : 'ReduceL2', [x[0]!, axis], { keepdims: 1 })
  const along = op('ReduceSum', [op('Mul', [dy, y[0]!]), axis], { keepdims: 1 })
  const direction = p === 1 ? op('Sign', [x[0]!]) : y[0]!
  const change = op('Sub', [dy, op('Mul', [direction, along])])
  return op('Div', [change, op('Max', [norm, scalar(1e-30)])])
}
