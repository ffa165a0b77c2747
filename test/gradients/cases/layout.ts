/** Cases of operators that only move values. */
import fc from 'fast-check'
import type { GradientCases } from './gradientCases.js'
import { broadcastable, floats, ints, resized, shapes, shapeWithAxis } from './tensors.js'

const reshape = shapes(1, 4).chain((dims) =>
  fc
    .tuple(floats(dims), fc.constantFrom([-1], [1, -1, 1], [dims[0]!, -1]))
    .map(([x, to]) => ({ opType: 'Reshape', inputs: [x, ints(to)] })),
)

const flatten = shapeWithAxis(1, 4).chain(([dims, axis]) =>
  floats(dims).map((x) => ({ opType: 'Flatten', inputs: [x], attributes: { axis } })),
)

const squeeze = shapes(1, 3)
  .chain((dims) => floats([1, ...dims, 1]))
  .chain((x) =>
    fc
      .constantFrom([x], [x, ints([0])], [x, ints([-1, 0])])
      .map((inputs) => ({ opType: 'Squeeze', inputs })),
  )

const unsqueeze = shapes(0, 3)
  .chain((dims) => floats(dims))
  .chain((x) =>
    fc
      .constantFrom([0], [-1], [0, -1])
      .map((axes) => ({ opType: 'Unsqueeze', inputs: [x, ints(axes)] })),
  )

const transpose = shapes(1, 4).chain((dims) => {
  const axes = dims.map((_, axis) => axis)
  return fc
    .tuple(floats(dims), fc.option(fc.shuffledSubarray(axes, { minLength: dims.length })))
    .map(([x, perm]) => ({
      opType: 'Transpose',
      inputs: [x],
      attributes: perm === null ? {} : { perm },
    }))
})

const concat = fc
  .tuple(
    shapeWithAxis(1, 3),
    fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 3 }),
  )
  .chain(([[dims, axis], sizes]) =>
    fc
      .tuple(...sizes.map((size) => floats(resized(dims, axis, size))))
      .map((inputs) => ({ opType: 'Concat', inputs, attributes: { axis } })),
  )

const split = fc
  .tuple(
    shapeWithAxis(1, 3),
    fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 3 }),
  )
  .chain(([[dims, axis], sizes]) => {
    const total = sizes.reduce((sum, size) => sum + size, 0)
    const all = sizes.map((_, index) => index)
    return fc
      .tuple(floats(resized(dims, axis, total)), fc.subarray(all, { minLength: 1 }))
      .map(([x, differentiate]) => ({
        opType: 'Split',
        inputs: [x, ints(sizes)],
        attributes: { axis },
        outputCount: sizes.length,
        differentiate,
      }))
  })

const slice = fc
  .tuple(shapeWithAxis(1, 3), fc.constantFrom(1, 2, 3, -1, -2))
  .map(([[dims, axis], step]) => ({ dims: dims.map((dim) => dim + 3), axis, step }))
  .chain(({ dims, axis, step }) =>
    fc
      .tuple(
        floats(dims),
        fc.integer({ min: 0, max: 2 }),
        fc.constantFrom('inside', 'open', 'negative'),
      )
      .map(([x, start, form]) => {
        const size = dims.at(axis)!
        const [from, to] = step > 0 ? [start, size - 1] : [size - 1 - start, 0]
        const far = step > 0 ? Number.MAX_SAFE_INTEGER : Number.MIN_SAFE_INTEGER
        const first = form === 'negative' ? from - size : from
        const end = form === 'inside' ? to : far
        const inputs = [x, ints([first]), ints([end]), ints([axis]), ints([step])]
        return { opType: 'Slice', inputs }
      }),
  )

const sliceOfTwoAxes = floats([4, 5]).map((x) => ({
  opType: 'Slice',
  inputs: [x, ints([1, 2]), ints([3, 9])],
}))

const pad = shapes(1, 3).chain((shape) => {
  const dims = shape.map((dim) => dim + 2)
  const pads = fc.array(fc.integer({ min: -1, max: 2 }), {
    minLength: 2 * dims.length,
    maxLength: 2 * dims.length,
  })
  return fc.tuple(floats(dims), pads).map(([x, sizes]) => ({
    opType: 'Pad',
    inputs: [x, ints(sizes)],
  }))
})

const padOfOneAxis = floats([3, 4]).map((x) => ({
  opType: 'Pad',
  inputs: [x, ints([2, 1]), null, ints([-1])],
}))

const expand = shapes(1, 4)
  .chain((dims) => fc.tuple(fc.constant(dims), broadcastable(dims)))
  .chain(([dims, from]) => floats(from).map((x) => ({ opType: 'Expand', inputs: [x, ints(dims)] })))

const tile = shapes(1, 3).chain((dims) =>
  fc
    .tuple(
      floats(dims),
      fc.array(fc.integer({ min: 1, max: 3 }), { minLength: dims.length, maxLength: dims.length }),
    )
    .map(([x, repeats]) => ({ opType: 'Tile', inputs: [x, ints(repeats)] })),
)

const trilu = fc
  .tuple(shapes(2, 3), fc.constantFrom(0, 1), fc.integer({ min: -2, max: 2 }))
  .chain(([dims, upper, k]) =>
    floats(dims).map((x) => ({
      opType: 'Trilu',
      inputs: k === 0 ? [x] : [x, ints([k], [])],
      attributes: { upper },
    })),
  )

const depthToSpace = fc.constantFrom('DCR', 'CRD').chain((mode) =>
  floats([2, 8, 2, 3]).map((x) => ({
    opType: 'DepthToSpace',
    inputs: [x],
    attributes: { blocksize: 2, mode },
  })),
)

const spaceToDepth = floats([2, 2, 4, 6]).map((x) => ({
  opType: 'SpaceToDepth',
  inputs: [x],
  attributes: { blocksize: 2 },
}))

export const layoutCases: GradientCases = {
  Reshape: reshape,
  Flatten: flatten,
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  Transpose: transpose,
  Concat: concat,
  Split: split,
  Slice: fc.oneof(slice, sliceOfTwoAxes),
  Pad: fc.oneof(pad, padOfOneAxis),
  Expand: expand,
  Tile: tile,
  Trilu: trilu,
  DepthToSpace: depthToSpace,
  SpaceToDepth: spaceToDepth,
}
