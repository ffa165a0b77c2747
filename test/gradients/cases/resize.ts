/** Cases of resampling. */
import fc from 'fast-check'
import { float } from '../../../main/ml/onnx/graphBuilder.js'
import type { NodeCase } from '../../support/gradientCheck.js'
import type { GradientCases } from './gradientCases.js'
import { floats, ints } from './tensors.js'

/** Smaller, larger, and by shares of pixels. */
const outputs = [
  [6, 8],
  [2, 3],
  [5, 4],
  [3, 7],
] as const
const input = [1, 2, 3, 4]
const scales = [2, 0.5, 1.6]
const coordinates = [
  'half_pixel',
  'half_pixel_symmetric',
  'pytorch_half_pixel',
  'align_corners',
  'asymmetric',
]
const ways = [
  ...['floor', 'ceil', 'round_prefer_floor', 'round_prefer_ceil'].map((nearest_mode) => {
    return { mode: 'nearest', nearest_mode }
  }),
  { mode: 'linear' },
  { mode: 'cubic' },
  { mode: 'cubic', cubic_coeff_a: float(-0.5) },
  { mode: 'cubic', exclude_outside: 1 },
]

const bySizes = fc.constantFrom(...outputs).map((size) => [null, ints([1, 2, ...size])])
const byScales = fc
  .constantFrom(...scales)
  .map((scale) => [
    { type: 'float32' as const, dims: [4], data: Float32Array.of(1, 1, scale, scale) },
  ])

const resize = fc
  .record({
    x: floats(input),
    to: fc.oneof(bySizes, byScales),
    way: fc.constantFrom(...ways),
    coordinate_transformation_mode: fc.constantFrom(...coordinates),
  })
  .map(
    ({ x, to, way, ...rest }): NodeCase => ({
      opType: 'Resize',
      inputs: [x, null, ...to],
      attributes: { ...way, ...rest },
      fixed: [2],
    }),
  )

export const resizeCases: GradientCases = { Resize: resize }
