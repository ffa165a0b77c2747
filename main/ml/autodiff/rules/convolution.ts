/** Rules of convolutions, written with convolutions. */

import { intAttribute } from '../../onnx/attributes.js'
import { sizeOf } from '../dims.js'
import type { RuleContext, RuleTable } from '../rule.js'
import { emitProduct } from './products.js'
import { readWindow, type SlidingWindow, unreached, windowAttributes } from './window.js'

export const convolutionRules: RuleTable = {
  // Y = X * W + b: dX = ConvTranspose(dY, W), dW = X correlated with dY, db = sum dY
  Conv: (c) => {
    const window = windowOf(c, c.x[0]!, c.y[0]!)
    const group = intAttribute(c.node, 'group', 1)
    return [
      () => inputCotangent(c, window, group),
      () => weightCotangent(c, { window, group, wide: c.x[0]!, narrow: c.dy }),
      () => sumPerChannel(c),
    ]
  },
  // Y = the transpose of the convolution by W: dX = Conv(dY, W), dW with X and dY exchanged
  ConvTranspose: (c) => {
    const window = windowOf(c, c.y[0]!, c.x[0]!)
    const group = intAttribute(c.node, 'group', 1)
    return [
      () => c.op('Conv', [c.dy, c.x[1]!], windowAttributes(window, group)),
      () => weightCotangent(c, { window, group, wide: c.dy, narrow: c.x[0]! }),
      () => sumPerChannel(c),
    ]
  },
}

/** The window that slides over `wide` to give `narrow`. */
function windowOf(context: RuleContext, wide: string, narrow: string): SlidingWindow {
  const spatial = (value: string): readonly number[] => context.shape(value).slice(2)
  return readWindow(context, spatial(context.x[1]!), spatial(wide), spatial(narrow))
}

function sumPerChannel({ op, ints, shape, y, dy }: RuleContext): string {
  const axes = shape(y[0]!).flatMap((_, axis) => (axis === 1 ? [] : [axis]))
  return op('ReduceSum', [dy, ints(axes)], { keepdims: 0 })
}

function inputCotangent(context: RuleContext, window: SlidingWindow, group: number): string {
  const { op, shape, reshape, x, y, dy } = context
  if (isPointwise(window) && group === 1) {
    const [outputs, inputs] = shape(x[1]!) as [number, number]
    const [batch] = shape(y[0]!) as [number]
    const columns = reshape(dy, [batch, outputs, sizeOf(window.output)])
    const weight = reshape(x[1]!, [1, outputs, inputs])
    const form = { transA: true, transB: false, alpha: 1 }
    return reshape(emitProduct(context, [weight, columns], form), shape(x[0]!))
  }
  const depthwise = shape(x[1]!)[1] === 1 && shape(x[1]!)[0] === group
  if (depthwise && window.strides.every((stride) => stride === 1)) {
    return flippedConvolution(context, window, group)
  }
  const attributes = { ...windowAttributes(window, group), output_padding: unreached(window) }
  return op('ConvTranspose', [dy, x[1]!], attributes)
}

/** At stride 1 the transpose is a convolution by the flipped kernel, twice as fast depthwise. */
function flippedConvolution(context: RuleContext, window: SlidingWindow, group: number): string {
  const { op, ints, x, dy } = context
  const { kernel, dilations, pads } = window
  const axes = kernel.map((_, axis) => axis + 2)
  const backwards = axes.map(() => -1)
  const ends = axes.map(() => Number.MIN_SAFE_INTEGER)
  const flipped = op('Slice', [x[1]!, ints(backwards), ints(ends), ints(axes), ints(backwards)])
  const rank = kernel.length
  const mirrored = pads.map((pad, i) => dilations[i % rank]! * (kernel[i % rank]! - 1) - pad)
  if (mirrored.some((pad) => pad < 0)) {
    const attributes = { ...windowAttributes(window, group), output_padding: unreached(window) }
    return op('ConvTranspose', [dy, x[1]!], attributes)
  }
  return op('Conv', [dy, flipped], windowAttributes({ ...window, pads: mirrored }, group))
}

interface WeightQuery {
  readonly window: SlidingWindow
  readonly group: number
  /** The value that the window slides over, [n, channels, ...]. */
  readonly wide: string
  /** The value on the other side, [n, channels, ...]. */
  readonly narrow: string
}

/**
 * dW[o, c] = sum over n and positions of narrow[n, o] wide[n, c] under the window.
 *
 * In general a convolution of `wide` by `narrow` with batch and channels exchanged, and strides
 * and dilations too; patches that do not overlap are cut out by a Reshape instead, for one product.
 */
function weightCotangent(context: RuleContext, query: WeightQuery): string {
  const { op, ints, shape, reshape, x, y } = context
  const { window, group, wide, narrow } = query
  if (group === 1 && isPatchwise(window)) return patchProduct(context, query)
  const weight = shape(x[1]!)
  const batch = shape(y[0]!)[0]!
  const inner = weight[1]!
  const spatialAxes = window.kernel.map((_, axis) => axis + 3)
  const grouped = reshape(wide, [batch, group, inner, ...window.input])
  const turned = op('Transpose', [grouped], { perm: [2, 1, 0, ...spatialAxes] })
  const images = reshape(turned, [inner, group * batch, ...window.input])
  const kernels = op('Transpose', [narrow], {
    perm: [1, 0, ...spatialAxes.map((axis) => axis - 1)],
  })
  const { strides, dilations, pads, output } = window
  const full = op('Conv', [images, kernels], {
    kernel_shape: output,
    strides: dilations,
    dilations: strides,
    pads,
    group,
  })
  const axes = window.kernel.map((_, axis) => axis + 2)
  const cut = op('Slice', [full, ints(axes.map(() => 0)), ints(window.kernel), ints(axes)])
  return op('Transpose', [cut], { perm: [1, 0, ...axes] })
}

/** Whether windows tile the input: the kernel is the stride, and nothing is left over. */
function isPatchwise(window: SlidingWindow): boolean {
  const { kernel, strides, dilations, pads, input } = window
  return kernel.every(
    (size, axis) =>
      size === strides[axis] &&
      (size === 1 || dilations[axis] === 1) &&
      input[axis]! % size === 0 &&
      pads[axis] === 0 &&
      pads[axis + kernel.length] === 0,
  )
}

function isPointwise(window: SlidingWindow): boolean {
  return isPatchwise(window) && window.kernel.every((size) => size === 1)
}

/** [outputs, positions] times [positions, patch]: the gradient of a patch embedding. */
function patchProduct(context: RuleContext, { window, wide, narrow }: WeightQuery): string {
  const { op, shape, reshape, x, y } = context
  const [outputs, inner] = shape(x[1]!) as [number, number]
  const batch = shape(y[0]!)[0]!
  const { kernel, output } = window
  const cells = output.flatMap((count, axis) => [count, kernel[axis]!])
  const outer = kernel.map((_, axis) => 2 + 2 * axis)
  const patches = op('Transpose', [reshape(wide, [batch, inner, ...cells])], {
    perm: [0, ...outer, 1, ...outer.map((axis) => axis + 1)],
  })
  const positions = batch * sizeOf(output)
  const rows = op('Transpose', [reshape(narrow, [batch, outputs, sizeOf(output)])], {
    perm: [0, 2, 1],
  })
  const product = emitProduct(
    context,
    [reshape(rows, [positions, outputs]), reshape(patches, [positions, inner * sizeOf(kernel)])],
    { transA: true, transB: false, alpha: 1 },
  )
  return reshape(product, shape(x[1]!))
}
