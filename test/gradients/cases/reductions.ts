/** Cases of reductions, softmax and normalisations. */
import fc from 'fast-check'
import { float } from '../../../main/ml/onnx/graphBuilder.js'
import type { GradientCases } from './gradientCases.js'
import { floats, ints, type Range, shapes, shapeWithAxis } from './tensors.js'

const reduction = (opType: string, range: Range = 'any') =>
  shapes(1, 4)
    .chain((dims) =>
      fc.record({
        input: floats(dims, range),
        axes: fc.subarray(dims.map((_, axis) => axis)),
        fromEnd: fc.boolean(),
        keepdims: fc.constantFrom(0, 1),
        noop: fc.constantFrom(0, 1),
      }),
    )
    .filter(({ axes, noop }) => axes.length > 0 || noop === 0)
    .map(({ input, axes, fromEnd, keepdims, noop }) => {
      const counted = axes.map((axis) => (fromEnd ? axis - input.dims.length : axis))
      return {
        opType,
        inputs: axes.length === 0 ? [input] : [input, ints(counted)],
        attributes: { keepdims, noop_with_empty_axes: noop },
      }
    })

const alongAxis = (opType: string, attributes = {}, range: Range = 'any') =>
  shapeWithAxis(1, 4).chain(([dims, axis]) =>
    floats(dims, range).map((input) => ({
      opType,
      inputs: [input],
      attributes: { ...attributes, axis },
    })),
  )

const cumSum = fc
  .tuple(shapeWithAxis(1, 3), fc.constantFrom(0, 1), fc.constantFrom(0, 1))
  .chain(([[dims, axis], exclusive, reverse]) =>
    floats(dims).map((input) => ({
      opType: 'CumSum',
      inputs: [input, ints([axis], [])],
      attributes: { exclusive, reverse },
    })),
  )

export const reductionCases: GradientCases = {
  ReduceSum: reduction('ReduceSum'),
  ReduceMean: reduction('ReduceMean'),
  ReduceSumSquare: reduction('ReduceSumSquare'),
  ReduceL2: reduction('ReduceL2', 'positive'),
  ReduceL1: reduction('ReduceL1', 'apart'),
  ReduceLogSum: reduction('ReduceLogSum', 'positive'),
  ReduceLogSumExp: reduction('ReduceLogSumExp'),
  ReduceMax: reduction('ReduceMax', 'apart'),
  ReduceMin: reduction('ReduceMin', 'apart'),
  CumSum: cumSum,
}

export const softmaxCases: GradientCases = {
  Softmax: alongAxis('Softmax'),
  LogSoftmax: alongAxis('LogSoftmax'),
}

const layerNormalization = shapeWithAxis(1, 3)
  .map(([dims, axis]): [number[], number] => [[...dims, 5], axis])
  .chain(([dims, axis]) => {
    const scaled = dims.slice(axis < 0 ? Math.max(axis + dims.length, 0) : axis)
    return fc
      .tuple(floats(dims), floats(scaled), fc.option(floats(scaled)))
      .map(([x, gamma, beta]) => ({
        opType: 'LayerNormalization',
        inputs: beta === null ? [x, gamma] : [x, gamma, beta],
        attributes: { axis, epsilon: float(0.01) },
      }))
  })

const batchNormalization = shapes(2, 4).chain((dims) => {
  const channels = [dims[1]!]
  return fc
    .tuple(
      floats(dims),
      floats(channels),
      floats(channels),
      floats(channels),
      floats(channels, 'positive'),
    )
    .map((inputs) => ({
      opType: 'BatchNormalization',
      inputs,
      attributes: { epsilon: float(0.001) },
    }))
})

const groupNormalization = fc
  .tuple(fc.constantFrom([1, 4], [2, 2], [4, 1]), fc.constantFrom([5], [3, 2]))
  .chain(([[groups, perGroup], space]) =>
    fc
      .tuple(floats([2, groups! * perGroup!, ...space!]), floats([groups!]), floats([groups!]))
      .map((inputs) => ({
        opType: 'GroupNormalization',
        inputs,
        attributes: { num_groups: groups!, epsilon: float(0.01) },
      })),
  )

const instanceNormalization = fc.constantFrom([5], [3, 2]).chain((space) =>
  fc.tuple(floats([2, 3, ...space]), floats([3]), floats([3])).map((inputs) => ({
    opType: 'InstanceNormalization',
    inputs,
    attributes: { epsilon: float(0.01) },
  })),
)

export const normalizationCases: GradientCases = {
  LayerNormalization: layerNormalization,
  BatchNormalization: batchNormalization,
  GroupNormalization: groupNormalization,
  InstanceNormalization: instanceNormalization,
  LpNormalization: fc.oneof(
    alongAxis('LpNormalization', { p: 2 }, 'positive'),
    alongAxis('LpNormalization', { p: 1 }, 'apart'),
  ),
}
