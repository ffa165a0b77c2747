/** Cases of convolutions and pools. */
import fc from 'fast-check'
import type { AttributeInput } from '../../../main/ml/onnx/graphBuilder.js'
import type { NodeCase } from '../../support/gradientCheck.js'
import type { GradientCases } from './gradientCases.js'
import { floats, shapes } from './tensors.js'

/** One way to slide a kernel over two axes. */
interface Slide {
  readonly input: readonly number[]
  readonly kernel: readonly number[]
  readonly attributes: Readonly<Record<string, AttributeInput>>
}

const slides: readonly Slide[] = [
  { input: [5, 6], kernel: [3, 3], attributes: {} },
  { input: [5, 6], kernel: [3, 2], attributes: { pads: [1, 0, 1, 1] } },
  { input: [7, 8], kernel: [3, 3], attributes: { strides: [2, 3], pads: [1, 1, 1, 1] } },
  {
    input: [8, 7],
    kernel: [2, 3],
    attributes: { strides: [3, 2], dilations: [2, 2], pads: [1, 2, 0, 1] },
  },
  { input: [6, 5], kernel: [3, 3], attributes: { strides: [2, 2], auto_pad: 'SAME_UPPER' } },
  { input: [6, 5], kernel: [2, 3], attributes: { auto_pad: 'SAME_LOWER' } },
  { input: [6, 7], kernel: [3, 3], attributes: { strides: [2, 2], auto_pad: 'VALID' } },
  { input: [4, 6], kernel: [2, 3], attributes: { strides: [2, 3] } },
  { input: [3, 4], kernel: [1, 1], attributes: {} },
  { input: [5, 6], kernel: [1, 1], attributes: { strides: [2, 2] } },
  { input: [7], kernel: [3], attributes: { strides: [2], pads: [1, 1] } },
  { input: [3, 4, 3], kernel: [2, 2, 2], attributes: { pads: [0, 1, 0, 0, 0, 1] } },
]

/** Groups, and channels per group on either side. */
const channels = fc.constantFrom(
  { group: 1, inner: 2, outer: 3 },
  { group: 2, inner: 2, outer: 2 },
  { group: 3, inner: 1, outer: 1 },
  { group: 2, inner: 1, outer: 2 },
)

const convolution = fc
  .record({ slide: fc.constantFrom(...slides), parts: channels, batch: fc.constantFrom(1, 2) })
  .chain(({ slide, parts: { group, inner, outer }, batch }) =>
    fc
      .tuple(
        floats([batch, group * inner, ...slide.input]),
        floats([group * outer, inner, ...slide.kernel]),
        fc.option(floats([group * outer])),
      )
      .map(([x, w, b]) => ({
        opType: 'Conv',
        inputs: b === null ? [x, w] : [x, w, b],
        attributes: { ...slide.attributes, group },
      })),
  )

const transposed = fc
  .record({
    slide: fc.constantFrom(...slides.filter(({ attributes }) => !attributes.auto_pad)),
    parts: channels,
    widen: fc.boolean(),
  })
  .chain(({ slide, parts: { group, inner, outer }, widen }) => {
    const strides = slide.attributes.strides as readonly number[] | undefined
    const padding = widen && strides ? { output_padding: strides.map((stride) => stride - 1) } : {}
    return fc
      .tuple(
        floats([2, group * inner, ...slide.input]),
        floats([group * inner, outer, ...slide.kernel]),
        fc.option(floats([group * outer])),
      )
      .map(([x, w, b]) => ({
        opType: 'ConvTranspose',
        inputs: b === null ? [x, w] : [x, w, b],
        attributes: { ...slide.attributes, ...padding, group },
      }))
  })

const pool = (opType: string, extra: readonly Readonly<Record<string, number>>[]) =>
  fc
    .record({ slide: fc.constantFrom(...slides.filter(isPool)), more: fc.constantFrom(...extra) })
    .chain(({ slide, more }) =>
      floats([2, 2, ...slide.input], 'apart').map(
        (x): NodeCase => ({
          opType,
          inputs: [x],
          attributes: { ...slide.attributes, ...more, kernel_shape: slide.kernel },
        }),
      ),
    )

const globalPool = (opType: string) =>
  shapes(3, 4)
    .chain((dims) => floats(dims, 'apart'))
    .map((x) => ({ opType, inputs: [x] }))

export const windowCases: GradientCases = {
  Conv: convolution,
  ConvTranspose: transposed,
  AveragePool: pool('AveragePool', [{}, { count_include_pad: 1 }, { ceil_mode: 1 }]),
  MaxPool: pool('MaxPool', [{}, { ceil_mode: 1 }]),
  GlobalAveragePool: globalPool('GlobalAveragePool'),
  GlobalMaxPool: globalPool('GlobalMaxPool'),
}

/** Pools allow no pad as wide as the kernel. */
function isPool({ kernel, attributes }: Slide): boolean {
  const pads = (attributes.pads as readonly number[] | undefined) ?? []
  return pads.every((pad, i) => pad < kernel[i % kernel.length]!)
}
