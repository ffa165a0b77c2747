/** The rule of Resize: a resampling is a product with one matrix along each axis. */
import { AppError } from '../../../../shared/errors.js'
import {
  floatAttribute,
  intAttribute,
  intsAttribute,
  stringAttribute,
} from '../../onnx/attributes.js'
import type { GraphNode } from '../../onnx/graph.js'
import { frontAxis } from '../dims.js'
import type { RuleContext, RuleTable } from '../rule.js'

export const resizeRules: RuleTable = {
  // y = x resampled, each axis by a matrix A: dx = A^T dy along each
  Resize: (c) => [() => resample(c)],
}

/** How one axis is resampled. */
interface Resampling {
  readonly input: number
  readonly output: number
  readonly scale: number
}

/** A sample of the input with its weight in a sample of the output. */
type Weighed = readonly [at: number, weight: number]

function resample(context: RuleContext): string {
  const { floats, node, shape, dy, x } = context
  if (intAttribute(node, 'antialias', 0) !== 0) throw missing('antialias')
  const scales = scalesOf(context)
  return shape(x[0]!).reduce((value, input, axis) => {
    const output = shape(context.y[0]!)[axis]!
    const scale = scales.get(axis) ?? output / input
    if (output === input && scale === 1) return value
    const matrix = matrixOf(node, { input, output, scale })
    return alongAxis(context, value, axis, floats(matrix, [output, input]))
  }, dy)
}

/** Scales by axis, where they are given; sizes give none. */
function scalesOf({ constant, node, shape, x }: RuleContext): Map<number, number> {
  const given = x[2] ? constant(x[2]) : undefined
  const rank = shape(x[0]!).length
  const axes = intsAttribute(node, 'axes')?.map((axis) => frontAxis(axis, rank))
  const scales = Array.from(given?.data ?? [], Number)
  return new Map(scales.map((scale, i) => [axes?.[i] ?? i, scale]))
}

/** `value` with its axis multiplied by a matrix [from, to]. */
function alongAxis({ op, shape, x }: RuleContext, value: string, axis: number, matrix: string) {
  const last = shape(x[0]!).length - 1
  if (axis === last) return op('MatMul', [value, matrix])
  const perm = shape(x[0]!).map((_, i) => (i === axis ? last : i === last ? axis : i))
  const turned = op('Transpose', [value], { perm })
  return op('Transpose', [op('MatMul', [turned, matrix])], { perm })
}

/** Row-major [output, input]: each output sample's weights. */
function matrixOf(node: GraphNode, axis: Resampling): number[] {
  const matrix = new Array<number>(axis.output * axis.input).fill(0)
  for (let i = 0; i < axis.output; i++) {
    for (const [at, weight] of samplesOf(node, axis, positionOf(node, axis, i))) {
      // What lies outside is the sample at the border.
      const inside = Math.min(axis.input - 1, Math.max(0, at))
      matrix[i * axis.input + inside]! += weight
    }
  }
  return matrix
}

/** Where an output sample lies among those of the input. */
function positionOf(node: GraphNode, { input, output, scale }: Resampling, i: number): number {
  const mode = stringAttribute(node, 'coordinate_transformation_mode', 'half_pixel')
  const halfPixel = (i + 0.5) / scale - 0.5
  if (mode === 'half_pixel') return halfPixel
  if (mode === 'half_pixel_symmetric') {
    return input / 2 - (output / (scale * input)) * (input / 2) + halfPixel
  }
  if (mode === 'pytorch_half_pixel') return output > 1 ? halfPixel : 0
  if (mode === 'align_corners') return output > 1 ? (i * (input - 1)) / (output - 1) : 0
  if (mode === 'asymmetric') return i / scale
  throw missing(mode)
}

function samplesOf(node: GraphNode, axis: Resampling, position: number): readonly Weighed[] {
  const mode = stringAttribute(node, 'mode', 'nearest')
  if (mode === 'nearest') return [[nearest(node, position), 1]]
  if (mode === 'cubic') return cubic(node, axis, position)
  // Positions beyond the border are the border's, as the samples between which they lie are.
  const from = Math.floor(position)
  return [
    [from, 1 - (position - from)],
    [from + 1, position - from],
  ]
}

function nearest(node: GraphNode, position: number): number {
  const mode = stringAttribute(node, 'nearest_mode', 'round_prefer_floor')
  if (mode === 'floor') return Math.floor(position)
  if (mode === 'ceil') return Math.ceil(position)
  return mode === 'round_prefer_ceil' ? Math.floor(position + 0.5) : Math.ceil(position - 0.5)
}

/** Keys' cubic convolution over the four samples around. */
function cubic(node: GraphNode, { input }: Resampling, position: number): readonly Weighed[] {
  const a = floatAttribute(node, 'cubic_coeff_a', -0.75)
  const from = Math.floor(position)
  const weighed = [-1, 0, 1, 2].map((step): Weighed => {
    const d = Math.abs(position - from - step)
    const near = ((a + 2) * d - (a + 3)) * d * d + 1
    const far = ((a * d - 5 * a) * d + 8 * a) * d - 4 * a
    return [from + step, d <= 1 ? near : far]
  })
  if (intAttribute(node, 'exclude_outside', 0) === 0) return weighed
  const inside = weighed.filter(([at]) => at >= 0 && at < input)
  const sum = inside.reduce((total, [, weight]) => total + weight, 0)
  return inside.map(([at, weight]) => [at, weight / sum])
}

function missing(what: string): AppError {
  return new AppError('GRADIENT_RULE_MISSING', { opType: `Resize (${what})`, opset: 18 })
}
