/** Arbitrary tensors to differentiate at. */
import fc from 'fast-check'
import type { TensorData } from '../../../main/ml/onnx/graph.js'
import { uniform } from '../../support/random.js'

/**
 * What values a tensor has: `any` around zero, `positive` from 0.5 to 2, `apart` on both sides of
 * zero and at least 0.1 from it and from one another, for functions with kinks.
 */
export type Range = 'any' | 'positive' | 'apart'

/** A float tensor of fixed shape. */
export function floats(dims: readonly number[], range: Range = 'any'): fc.Arbitrary<TensorData> {
  return fc.integer().map((seed) => {
    const data = Float32Array.from(valuesOf(sizeOf(dims), range, uniform(seed)))
    return { type: 'float32', dims, data }
  })
}

/** An int64 tensor of fixed values; one-dimensional unless told. */
export function ints(
  values: readonly number[],
  dims: readonly number[] = [values.length],
): TensorData {
  return { type: 'int64', dims, data: BigInt64Array.from(values.map(BigInt)) }
}

/** An int64 tensor of values from `low` up to, but not including, `high`. */
export function indices(
  dims: readonly number[],
  low: number,
  high: number,
): fc.Arbitrary<TensorData> {
  const size = sizeOf(dims)
  return fc
    .array(fc.integer({ min: low, max: high - 1 }), { minLength: size, maxLength: size })
    .map((values) => ints(values, dims))
}

/** A boolean tensor of fixed shape. */
export function bools(dims: readonly number[]): fc.Arbitrary<TensorData> {
  return indices(dims, 0, 2).map(({ data }) => ({
    type: 'bool',
    dims,
    data: Uint8Array.from(data, Number),
  }))
}

/** Shapes of rank `low` to `high` with small sizes, ones among them. */
export function shapes(low: number, high: number): fc.Arbitrary<number[]> {
  return fc.array(fc.integer({ min: 1, max: 4 }), { minLength: low, maxLength: high })
}

/** A shape and one of its axes, counted from either end. */
export function shapeWithAxis(low: number, high: number): fc.Arbitrary<[number[], number]> {
  return shapes(low, high).chain((dims) =>
    fc.tuple(fc.constant(dims), fc.integer({ min: -dims.length, max: dims.length - 1 })),
  )
}

/** A shape that broadcasts to `dims`: leading axes dropped and others set to one. */
export function broadcastable(dims: readonly number[]): fc.Arbitrary<number[]> {
  const kept = fc.array(fc.boolean(), { minLength: dims.length, maxLength: dims.length })
  return fc
    .tuple(fc.integer({ min: 0, max: dims.length }), kept)
    .map(([drop, keep]) => dims.map((dim, i) => (keep[i] ? dim : 1)).slice(drop))
}

/** Operands whose shapes broadcast together; the first has the full shape or the second has. */
export function operands(count: number, range: Range = 'any'): fc.Arbitrary<TensorData[]> {
  return shapes(0, 4).chain((dims) =>
    fc
      .tuple(
        fc.integer({ min: 0, max: count - 1 }),
        ...Array.from({ length: count }, () => broadcastable(dims)),
      )
      .chain(([full, ...parts]) => {
        const all = parts.map((part, i) => (i === full ? dims : part))
        return range === 'apart'
          ? apartTogether(all)
          : fc.tuple(...all.map((d) => floats(d, range)))
      }),
  )
}

/** Tensors whose values are all at least 0.1 from one another. */
function apartTogether(shapeList: readonly number[][]): fc.Arbitrary<TensorData[]> {
  const total = shapeList.reduce((sum, dims) => sum + sizeOf(dims), 0)
  return floats([total], 'apart').map(({ data }) => {
    let offset = 0
    return shapeList.map((dims) => {
      const part = Float32Array.from(data.slice(offset, offset + sizeOf(dims)), Number)
      offset += part.length
      return { type: 'float32', dims, data: part }
    })
  })
}

function valuesOf(size: number, range: Range, random: () => number): number[] {
  if (range === 'positive') return Array.from({ length: size }, () => 0.5 + 1.5 * random())
  if (range === 'any') return Array.from({ length: size }, () => 3 * random() - 1.5)
  const grid = Array.from({ length: size }, (_, i) => (i - Math.floor(size / 2) + 0.5) * 0.2)
  for (let i = size - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1))
    const held = grid[i]!
    grid[i] = grid[j]!
    grid[j] = held
  }
  return grid
}

function sizeOf(dims: readonly number[]): number {
  return dims.reduce((size, dim) => size * dim, 1)
}

/** `dims` with another size along one axis, counted from either end. */
export function resized(dims: readonly number[], axis: number, size: number): number[] {
  return dims.with(axis, size)
}
