/** Shape rules of convolutions and pools over [batch, channels, ...spatial]. */
import { intAttribute, intsAttribute, stringAttribute } from '../attributes.js'
import {
  inputOf,
  mismatch,
  type NodeContext,
  type ShapeRules,
  type StaticValue,
} from './shapeRule.js'

export const convolutionShapes: ShapeRules = {
  Conv: convShape,
  ConvTranspose: convTransposeShape,
  MaxPool: poolShape,
  AveragePool: poolShape,
  GlobalAveragePool: globalPoolShape,
  GlobalMaxPool: globalPoolShape,
}

/** A window sliding over the spatial axes; pads are [begins..., ends...]. */
interface Window {
  readonly kernel: readonly number[]
  readonly strides: readonly number[]
  readonly dilations: readonly number[]
  readonly pads: readonly number[]
  readonly autoPad: string
}

function windowOf({ node }: NodeContext, kernel: readonly number[]): Window {
  return {
    kernel,
    strides: intsAttribute(node, 'strides') ?? kernel.map(() => 1),
    dilations: intsAttribute(node, 'dilations') ?? kernel.map(() => 1),
    pads: intsAttribute(node, 'pads') ?? [...kernel, ...kernel].map(() => 0),
    autoPad: stringAttribute(node, 'auto_pad', 'NOTSET'),
  }
}

function spatialOf(context: NodeContext, kernel: readonly number[]): readonly number[] {
  const { shape } = inputOf(context, 0)
  if (shape.length !== kernel.length + 2) {
    throw mismatch(context, `a kernel of rank ${kernel.length} over rank ${shape.length}`)
  }
  return shape.slice(2)
}

function convShape(context: NodeContext): StaticValue[] {
  const { type, shape } = inputOf(context, 0)
  const weight = inputOf(context, 1).shape
  const group = intAttribute(context.node, 'group', 1)
  if (shape[1] !== weight[1]! * group) {
    throw mismatch(context, `${shape[1]} channels where ${weight[1]! * group} are expected`)
  }
  const window = windowOf(context, weight.slice(2))
  const spatial = slide(context, window, spatialOf(context, window.kernel), 0)
  return [{ type, shape: [shape[0]!, weight[0]!, ...spatial] }]
}

function poolShape(context: NodeContext): StaticValue[] {
  const { type, shape } = inputOf(context, 0)
  const window = windowOf(context, intsAttribute(context.node, 'kernel_shape') ?? [])
  const ceil = intAttribute(context.node, 'ceil_mode', 0)
  const spatial = slide(context, window, spatialOf(context, window.kernel), ceil)
  const pooled = [shape[0]!, shape[1]!, ...spatial]
  return [
    { type, shape: pooled },
    { type: 'int64', shape: pooled },
  ]
}

function globalPoolShape(context: NodeContext): StaticValue[] {
  const { type, shape } = inputOf(context, 0)
  return [{ type, shape: shape.map((size, axis) => (axis < 2 ? size : 1)) }]
}

/** floor((size + pads - dilation (kernel - 1) - 1) / stride) + 1 on each axis. */
function slide(
  context: NodeContext,
  window: Window,
  spatial: readonly number[],
  ceilMode: number,
): number[] {
  return spatial.map((size, axis) => {
    const stride = window.strides[axis]!
    if (window.autoPad.startsWith('SAME')) return Math.ceil(size / stride)
    const [begin, end] = padsOf(window, axis)
    const reach = window.dilations[axis]! * (window.kernel[axis]! - 1) + 1
    const steps = (size + begin + end - reach) / stride
    if (steps < 0) throw mismatch(context, `a window of ${reach} over ${size + begin + end}`)
    if (!ceilMode) return Math.floor(steps) + 1
    // A window that would begin in the end padding is left out.
    const count = Math.ceil(steps) + 1
    return (count - 1) * stride >= size + begin ? count - 1 : count
  })
}

function padsOf(window: Window, axis: number): [number, number] {
  if (window.autoPad === 'VALID') return [0, 0]
  return [window.pads[axis]!, window.pads[axis + window.kernel.length]!]
}

function convTransposeShape(context: NodeContext): StaticValue[] {
  const { type, shape } = inputOf(context, 0)
  const weight = inputOf(context, 1).shape
  if (shape[1] !== weight[0]) {
    throw mismatch(context, `${shape[1]} channels where ${weight[0]} are expected`)
  }
  const window = windowOf(context, weight.slice(2))
  const channels = weight[1]! * intAttribute(context.node, 'group', 1)
  const spatial = unslide(context, window, spatialOf(context, window.kernel))
  return [{ type, shape: [shape[0]!, channels, ...spatial] }]
}

/** stride (size - 1) + output padding + dilation (kernel - 1) + 1 - pads on each axis. */
function unslide(context: NodeContext, window: Window, spatial: readonly number[]): number[] {
  const given = intsAttribute(context.node, 'output_shape')
  const extra = intsAttribute(context.node, 'output_padding')
  return spatial.map((size, axis) => {
    if (given) return given.at(axis - spatial.length)!
    const stride = window.strides[axis]!
    if (window.autoPad.startsWith('SAME')) return size * stride
    const [begin, end] = padsOf(window, axis)
    const reach = window.dilations[axis]! * (window.kernel[axis]! - 1) + 1
    return stride * (size - 1) + (extra?.[axis] ?? 0) + reach - begin - end
  })
}
