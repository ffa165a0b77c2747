/** Rules of pools. */

import { intAttribute, intsAttribute } from '../../onnx/attributes.js'
import { sizeOf } from '../dims.js'
import type { RuleContext, RuleTable } from '../rule.js'
import { readWindow, type SlidingWindow, unreached, windowAttributes } from './window.js'

export const poolingRules: RuleTable = {
  // y = mean of x over space: dx = dy / positions
  GlobalAveragePool: ({ op, ints, scalar, shape, dy, x }) => [
    () => {
      const share = op('Mul', [dy, scalar(1 / sizeOf(shape(x[0]!).slice(2)))])
      return op('Expand', [share, ints(shape(x[0]!))])
    },
  ],
  // y = max of x over space: dx = dy [x = y] / (number of x = y)
  GlobalMaxPool: (c) => [() => globalMaxPool(c)],
  // y = mean of x over each window: dx = sum of dy / (positions counted) over the windows that hold x
  AveragePool: (c) => [() => averagePool(c)],
  // y = x at each window's largest place: dx = zeros with dy added there
  MaxPool: (c) => [() => maxPool(c)],
}

function globalMaxPool({ op, ints, shape, dy, x, y }: RuleContext): string {
  const axes = shape(x[0]!).flatMap((_, axis) => (axis < 2 ? [] : [axis]))
  const mask = op('Cast', [op('Equal', [x[0]!, y[0]!])], { to: 1 })
  const count = op('ReduceSum', [mask, ints(axes)], { keepdims: 1 })
  return op('Mul', [mask, op('Div', [dy, count])])
}

function maxPool({ op, zeros, shape, reshape, forwardOutput, x, y, dy }: RuleContext): string {
  const input = shape(x[0]!)
  const count = sizeOf(shape(y[0]!))
  const places = reshape(forwardOutput(1), [count])
  const flat = [zeros([sizeOf(input)]), places, reshape(dy, [count])]
  return reshape(op('ScatterElements', flat, { axis: 0, reduction: 'add' }), input)
}

/** The transpose of a mean is a transposed depthwise convolution by a kernel of ones. */
function averagePool(context: RuleContext): string {
  const { op, floats, ones, node, shape, x, y, dy } = context
  const [input, output] = [shape(x[0]!), shape(y[0]!)]
  const kernel = intsAttribute(node, 'kernel_shape')!
  const window = readWindow(context, kernel, input.slice(2), output.slice(2))
  const shares = windowSizes(window, intAttribute(node, 'count_include_pad', 0) !== 0)
  const share = op('Mul', [
    dy,
    floats(
      shares.map((size) => 1 / size),
      output.slice(2),
    ),
  ])
  const channels = input[1]!
  return op('ConvTranspose', [share, ones([channels, 1, ...kernel])], covering(window, channels))
}

/** A transposed convolution's attributes whose output has the input's size, also in ceil mode. */
function covering(window: SlidingWindow, group: number) {
  const rest = unreached(window)
  const rank = window.kernel.length
  const pads = window.pads.map((pad, i) => pad + (i < rank ? 0 : Math.max(0, -rest[i - rank]!)))
  const padding = rest.map((size) => Math.max(0, size))
  return { ...windowAttributes({ ...window, pads }, group), output_padding: padding }
}

/** How many positions each window averages, in row-major order of the outputs. */
function windowSizes(window: SlidingWindow, includePads: boolean): readonly number[] {
  return window.output.reduce<readonly number[]>(
    (sizes, count, axis) => {
      const counts = Array.from({ length: count }, (_, at) =>
        counted(window, axis, at, includePads),
      )
      return sizes.flatMap((size) => counts.map((positions) => size * positions))
    },
    [1],
  )
}

/** The positions along one axis that the window at output index `at` averages. */
function counted(window: SlidingWindow, axis: number, at: number, includePads: boolean): number {
  const { kernel, strides, dilations, pads, input } = window
  const low = includePads ? -pads[axis]! : 0
  const high = input[axis]! + (includePads ? pads[axis + kernel.length]! : 0)
  const start = at * strides[axis]! - pads[axis]!
  const places = Array.from({ length: kernel[axis]! }, (_, i) => start + i * dilations[axis]!)
  return places.filter((place) => place >= low && place < high).length
}
