/**
 * Rules of neural activations.
 *
 * [Note: few passes] These are bound by memory traffic, so a formula is chosen by its number of
 * element-wise nodes and their cost. On 2 million elements and one core Mul takes 0.9 ms, HardSigmoid
 * 0.4, Erf 1.4, Sign 2.3, Where with its comparison 2.8. So masks are made by a steep HardSigmoid,
 * which is also a multiply-add in one pass for values that stay in 0..1.
 */

import { floatAttribute, stringAttribute } from '../../onnx/attributes.js'
import { float } from '../../onnx/graphBuilder.js'
import type { RuleContext, RuleTable } from '../rule.js'

export const activationRules: RuleTable = {
  // y = max(x, 0): dx = dy [y > 0]
  Relu: ({ op, dy, y }) => [() => op('Mul', [dy, positive(op, y[0]!)])],
  // y = x < 0 ? a x : x: dx = dy (x < 0 ? a : 1)
  LeakyRelu: (c) => [() => c.op('Mul', [c.dy, leakySlope(c)])],
  // y = x < 0 ? a (exp x - 1) : x: dx = dy (x < 0 ? y + a : 1)
  Elu: (c) => [() => c.op('Mul', [c.dy, eluSlope(c)])],
  // y = clip(a x + b, 0, 1): dx = dy a [0 < y < 1]
  HardSigmoid: (c) => [() => hardSigmoid(c)],
  // h = clip(x/6 + 1/2, 0, 1), y = x h: dx = dy (h + x/6 [|x| < 3])
  HardSwish: (c) => [() => hardSwish(c)],
  // exact: dx = dy (Phi(x) + x phi(x)); tanh: s = sigmoid(2u), dx = dy (s + y (1 - s) 2u')
  Gelu: (c) => [
    () => (stringAttribute(c.node, 'approximate', 'none') === 'tanh' ? geluTanh(c) : gelu(c)),
  ],
  // y = x Phi(x): dx = dy (Phi(x) + x phi(x))
  'com.microsoft.Gelu': (c) => [() => gelu(c)],
  // y = x s, s = sigmoid(a x): dx = dy s (1 + a x (1 - s))
  'com.microsoft.QuickGelu': (c) => [() => quickGelu(c)],
}

/** 1 where y > 0, else 0. Runs on all threads and in half the time of Sign, which has but one. */
function positive(op: RuleContext['op'], y: string): string {
  return op('HardSigmoid', [y], { alpha: float(1e30), beta: float(0) })
}

/** 1 where `value` is above 0, otherwise 0; the steepest slope that float32 can hold. */
function isPositive({ op }: RuleContext, value: string): string {
  return op('HardSigmoid', [value], { alpha: float(3e38), beta: float(0) })
}

function leakySlope(context: RuleContext): string {
  const { op, scalar, node, x } = context
  const alpha = floatAttribute(node, 'alpha', 0.01)
  return op('Add', [op('Mul', [isPositive(context, x[0]!), scalar(1 - alpha)]), scalar(alpha)])
}

function eluSlope({ op, scalar, node, x, y }: RuleContext): string {
  const alpha = floatAttribute(node, 'alpha', 1)
  const negative = op('Less', [x[0]!, scalar(0)])
  return op('Where', [negative, op('Add', [y[0]!, scalar(alpha)]), scalar(1)])
}

function hardSigmoid(context: RuleContext): string {
  const { op, scalar, node, dy, y } = context
  const slope = scalar(floatAttribute(node, 'alpha', 0.2))
  return op('Mul', [dy, op('Mul', [isInside(context, y[0]!), slope])])
}

/** 1 where `value` lies strictly between 0 and 1, which are its bounds. */
function isInside(context: RuleContext, value: string): string {
  const { op } = context
  return isPositive(context, op('Sub', [value, op('Mul', [value, value])]))
}

function hardSwish(context: RuleContext): string {
  const { op, scalar, dy, x } = context
  const gate = op('HardSigmoid', [x[0]!], { alpha: float(1 / 6), beta: float(0.5) })
  const slope = op('Mul', [op('Mul', [x[0]!, isInside(context, gate)]), scalar(1 / 6)])
  return op('Mul', [dy, op('Add', [gate, slope])])
}

/** With t = x / sqrt 2: Phi = erf(t)/2 + 1/2, and phi = exp(-t^2) / sqrt(2 pi). */
function gelu({ op, scalar, dy, x }: RuleContext): string {
  const t = op('Mul', [x[0]!, scalar(Math.SQRT1_2)])
  const cumulative = op('HardSigmoid', [op('Erf', [t])], { alpha: float(0.5), beta: float(0.5) })
  const weighted = op('Div', [t, op('Exp', [op('Mul', [t, t])])])
  const density = op('Mul', [weighted, scalar(1 / Math.sqrt(Math.PI))])
  return op('Mul', [dy, op('Add', [cumulative, density])])
}

/** With u = c (x + 0.044715 x^3), c = sqrt(2/pi): tanh(u) = 2 sigmoid(2u) - 1, so y = x s. */
function geluTanh({ op, scalar, dy, x, y }: RuleContext): string {
  const c2 = 2 * Math.sqrt(2 / Math.PI)
  const square = op('Mul', [x[0]!, x[0]!])
  const cubic = op('Add', [op('Mul', [square, scalar(0.044715 * c2)]), scalar(c2)])
  const s = op('Sigmoid', [op('Mul', [x[0]!, cubic])])
  const slope = op('Add', [op('Mul', [square, scalar(3 * 0.044715 * c2)]), scalar(c2)])
  const rest = op('Mul', [op('Sub', [y[0]!, op('Mul', [y[0]!, s])]), slope])
  return op('Mul', [dy, op('Add', [s, rest])])
}

function quickGelu({ op, scalar, node, dy, x }: RuleContext): string {
  const alpha = floatAttribute(node, 'alpha', 1.702)
  const scaled = op('Mul', [x[0]!, scalar(alpha)])
  const s = op('Sigmoid', [scaled])
  const rest = op('Mul', [op('Sub', [scalar(1), s]), scaled])
  const slope = op('Mul', [s, op('Add', [rest, scalar(1)])])
  return op('Mul', [dy, slope])
}
