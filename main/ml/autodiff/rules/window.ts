/** The sliding window of a convolution or pool, with its pads made explicit. */
import { intsAttribute, stringAttribute } from '../../onnx/attributes.js'
import type { RuleContext } from '../rule.js'

/** Spatial geometry; each list has one entry per spatial axis, `pads` those before, then after. */
export interface SlidingWindow {
  readonly kernel: readonly number[]
  readonly strides: readonly number[]
  readonly dilations: readonly number[]
  readonly pads: readonly number[]
  readonly input: readonly number[]
  readonly output: readonly number[]
}

/** Reads the window that slides over `input` to give `output` (spatial sizes alone). */
export function readWindow(
  { node }: Pick<RuleContext, 'node'>,
  kernel: readonly number[],
  input: readonly number[],
  output: readonly number[],
): SlidingWindow {
  const strides = intsAttribute(node, 'strides') ?? kernel.map(() => 1)
  const dilations = intsAttribute(node, 'dilations') ?? kernel.map(() => 1)
  const autoPad = stringAttribute(node, 'auto_pad', 'NOTSET')
  const window = { kernel, strides, dilations, input, output }
  return { ...window, pads: explicitPads(window, autoPad, intsAttribute(node, 'pads')) }
}

/** The window as attributes of Conv or ConvTranspose. */
export function windowAttributes({ kernel, strides, dilations, pads }: SlidingWindow, group = 1) {
  return { kernel_shape: kernel, strides, dilations, pads, group }
}

/** The part of the padded input after the last full stride that no window reaches, per axis. */
export function unreached({ kernel, strides, dilations, pads, input, output }: SlidingWindow) {
  return kernel.map((size, axis) => {
    const span = dilations[axis]! * (size - 1) + 1
    const padded = input[axis]! + pads[axis]! + pads[axis + kernel.length]!
    return padded - span - (output[axis]! - 1) * strides[axis]!
  })
}

function explicitPads(
  { kernel, strides, dilations, input, output }: Omit<SlidingWindow, 'pads'>,
  autoPad: string,
  pads: readonly number[] | undefined,
): readonly number[] {
  if (!autoPad.startsWith('SAME')) return pads ?? [...kernel, ...kernel].map(() => 0)
  const totals = kernel.map((size, axis) => {
    const span = dilations[axis]! * (size - 1) + 1
    return Math.max(0, (output[axis]! - 1) * strides[axis]! + span - input[axis]!)
  })
  const smaller = totals.map((total) => Math.floor(total / 2))
  const larger = totals.map((total) => Math.ceil(total / 2))
  return autoPad === 'SAME_UPPER' ? [...smaller, ...larger] : [...larger, ...smaller]
}
