/** Cases of operators on tensors that broadcast together. */
import fc from 'fast-check'
import type { GradientCases } from './gradientCases.js'
import { bools, broadcastable, floats, operands, shapes } from './tensors.js'

const pair = (opType: string, range: 'any' | 'positive' = 'any') =>
  operands(2, range).map((inputs) => ({ opType, inputs }))
const several = (opType: string, range: 'any' | 'apart' = 'any') =>
  fc
    .integer({ min: 1, max: 4 })
    .chain((n) => operands(n, range).map((inputs) => ({ opType, inputs })))

const constantPower = fc
  .tuple(fc.constantFrom(2, 3, 0.5, -1), shapes(0, 3))
  .chain(([power, dims]) =>
    floats(dims, 'positive').map((base) => ({
      opType: 'Pow',
      inputs: [base, { type: 'float32' as const, dims: [], data: Float32Array.of(power) }],
      fixed: [1],
    })),
  )

const where = shapes(1, 4)
  .chain((dims) => fc.tuple(broadcastable(dims), fc.constant(dims), broadcastable(dims)))
  .chain(([mask, a, b]) => fc.tuple(bools(mask), floats(a), floats(b)))
  .map((inputs) => ({ opType: 'Where', inputs }))

export const arithmeticCases: GradientCases = {
  Add: pair('Add'),
  Sub: pair('Sub'),
  Mul: pair('Mul'),
  Div: pair('Div', 'positive'),
  Pow: fc.oneof(pair('Pow', 'positive'), constantPower),
  Sum: several('Sum'),
  Mean: several('Mean'),
  Max: several('Max', 'apart'),
  Min: several('Min', 'apart'),
  Where: where,
}
