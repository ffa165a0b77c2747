/** Cases of gathers and scatters. */
import fc from 'fast-check'
import type { GradientCases } from './gradientCases.js'
import { floats, indices, ints, resized, shapes, shapeWithAxis } from './tensors.js'

const gather = fc.tuple(shapeWithAxis(1, 3), shapes(0, 2)).chain(([[dims, axis], picked]) => {
  const size = dims.at(axis)!
  return fc
    .tuple(floats(dims), indices(picked, -size, size))
    .map(([x, index]) => ({ opType: 'Gather', inputs: [x, index], attributes: { axis } }))
})

const gatherElements = shapeWithAxis(1, 3).chain(([dims, axis]) =>
  fc.integer({ min: 1, max: 4 }).chain((count) =>
    fc
      .tuple(floats(dims), indices(resized(dims, axis, count), 0, dims.at(axis)!))
      .map(([x, index]) => ({
        opType: 'GatherElements',
        inputs: [x, index],
        attributes: { axis },
      })),
  ),
)

const gatherND = fc
  .record({
    batch: shapes(0, 2),
    outer: shapes(0, 1),
    rest: shapes(0, 1),
    depth: fc.constantFrom(1, 2),
  })
  .chain(({ batch, outer, rest, depth }) => {
    const indexed = Array<number>(depth).fill(3)
    return fc
      .tuple(floats([...batch, ...indexed, ...rest]), indices([...batch, ...outer, depth], 0, 3))
      .map((inputs) => ({
        opType: 'GatherND',
        inputs,
        attributes: { batch_dims: batch.length },
      }))
  })

const scatterND = fc.constantFrom('none', 'add').chain((reduction) =>
  fc
    .tuple(
      floats([5, 3]),
      floats([3, 3]),
      fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 3, maxLength: 3 }),
    )
    .map(([x, updates, rows]) => ({
      opType: 'ScatterND',
      inputs: [x, ints(rows, [3, 1]), updates],
      attributes: { reduction },
    })),
)

const scatterElements = fc.constantFrom('none', 'add').chain((reduction) =>
  fc
    .tuple(
      floats([3, 5]),
      floats([3, 2]),
      fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 2, maxLength: 2 }),
    )
    .map(([x, updates, columns]) => ({
      opType: 'ScatterElements',
      inputs: [x, ints([...columns, ...columns, ...columns], [3, 2]), updates],
      attributes: { axis: 1, reduction },
    })),
)

export const indexingCases: GradientCases = {
  Gather: gather,
  GatherElements: gatherElements,
  GatherND: gatherND,
  ScatterND: scatterND,
  ScatterElements: scatterElements,
}
