/** Cases of functions of one tensor, element by element. */
import fc from 'fast-check'
import type { TensorData } from '../../../main/ml/onnx/graph.js'
import { float } from '../../../main/ml/onnx/graphBuilder.js'
import type { GradientCases } from './gradientCases.js'
import { floats, type Range, shapes } from './tensors.js'

const unary = (opType: string, reference: (x: number) => number, range: Range = 'any') =>
  shapes(0, 4)
    .chain((dims) => floats(dims, range))
    .map((input) => ({ opType, inputs: [input], reference }))

const scalar = (value: number): TensorData => ({
  type: 'float32',
  dims: [],
  data: Float32Array.of(value),
})

const clip = shapes(1, 3)
  .chain((dims) => fc.tuple(floats(dims, 'apart'), fc.constantFrom('both', 'low', 'high')))
  .map(([input, sides]) => ({
    opType: 'Clip',
    inputs: [
      input,
      sides === 'high' ? null : scalar(-0.4),
      ...(sides === 'low' ? [] : [scalar(0.6)]),
    ],
    fixed: [1, 2],
  }))

const dropout = shapes(1, 3)
  .chain((dims) => floats(dims))
  .map((input) => ({ opType: 'Dropout', inputs: [input, scalar(0.3)], fixed: [1] }))

const cast = shapes(1, 3)
  .chain((dims) => floats(dims))
  .map((input) => ({ opType: 'Cast', inputs: [input], attributes: { to: 1 } }))

export const elementwiseCases: GradientCases = {
  Identity: unary('Identity', (x) => x),
  Neg: unary('Neg', (x) => -x),
  Exp: unary('Exp', Math.exp),
  Log: unary('Log', Math.log, 'positive'),
  Sqrt: unary('Sqrt', Math.sqrt, 'positive'),
  Reciprocal: unary('Reciprocal', (x) => 1 / x, 'positive'),
  Abs: unary('Abs', Math.abs, 'apart'),
  Sin: unary('Sin', Math.sin),
  Cos: unary('Cos', Math.cos),
  Tanh: unary('Tanh', Math.tanh),
  Sigmoid: unary('Sigmoid', sigmoid),
  Softplus: unary('Softplus', (x) => Math.log1p(Math.exp(x))),
  Softsign: unary('Softsign', (x) => x / (1 + Math.abs(x)), 'apart'),
  Erf: unary('Erf', erf),
  Clip: clip,
  Cast: cast,
  Dropout: dropout,
}

const alpha = fc.constantFrom(0.5, 1, 1.702)

const quickGelu = fc.tuple(shapes(1, 3), alpha).chain(([dims, a]) =>
  floats(dims).map((input) => ({
    opType: 'QuickGelu',
    domain: 'com.microsoft' as const,
    inputs: [input],
    attributes: { alpha: float(a) },
    reference: (x: number) => x * sigmoid(a * x),
  })),
)

const withAlpha = (opType: string, reference: (a: number) => (x: number) => number) =>
  fc.tuple(shapes(1, 3), alpha).chain(([dims, a]) =>
    floats(dims, 'apart').map((input) => ({
      opType,
      inputs: [input],
      attributes: { alpha: float(a) },
      reference: reference(a),
    })),
  )

const geluOf = (approximate: string, reference: (x: number) => number) =>
  shapes(1, 3)
    .chain((dims) => floats(dims, 'apart'))
    .map((input) => ({ opType: 'Gelu', inputs: [input], attributes: { approximate }, reference }))

const hardSigmoid = shapes(1, 3)
  .chain((dims) => floats(dims, 'apart'))
  .map((input) => ({
    opType: 'HardSigmoid',
    inputs: [input],
    attributes: { alpha: float(0.5), beta: float(0.4) },
    reference: (x: number) => Math.min(1, Math.max(0, 0.5 * x + 0.4)),
  }))

export const activationCases: GradientCases = {
  Relu: unary('Relu', (x) => Math.max(x, 0), 'apart'),
  LeakyRelu: withAlpha('LeakyRelu', (a) => (x) => (x < 0 ? a * x : x)),
  Elu: withAlpha('Elu', (a) => (x) => (x < 0 ? a * Math.expm1(x) : x)),
  HardSigmoid: hardSigmoid,
  HardSwish: unary('HardSwish', (x) => x * Math.min(1, Math.max(0, x / 6 + 0.5)), 'apart'),
  Gelu: fc.oneof(geluOf('none', gelu), geluOf('tanh', geluTanh)),
  'com.microsoft.Gelu': shapes(1, 3)
    .chain((dims) => floats(dims))
    .map((input) => ({
      opType: 'Gelu',
      domain: 'com.microsoft',
      inputs: [input],
      reference: gelu,
    })),
  'com.microsoft.QuickGelu': quickGelu,
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x))
}

function gelu(x: number): number {
  return (x * (1 + erf(x * Math.SQRT1_2))) / 2
}

function geluTanh(x: number): number {
  return (x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)))) / 2
}

/** The error function by its Taylor series, exact in float64 for |x| < 5. */
function erf(x: number): number {
  let term = x
  let sum = x
  for (let n = 1; n < 120; n++) {
    term *= (-x * x) / n
    sum += term / (2 * n + 1)
  }
  return (2 / Math.sqrt(Math.PI)) * sum
}
