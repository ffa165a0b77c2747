/** Cases of matrix products. */
import fc from 'fast-check'
import { float } from '../../../main/ml/onnx/graphBuilder.js'
import type { GradientCases } from './gradientCases.js'
import { broadcastable, floats } from './tensors.js'

const size = fc.integer({ min: 1, max: 4 })

/** Shapes of two operands with the inner size k, each with a batch that broadcasts. */
const batched = fc.array(size, { minLength: 0, maxLength: 2 }).chain((batch) =>
  fc.record({
    left: fc.oneof(fc.constant(batch), broadcastable(batch)),
    right: fc.oneof(fc.constant(batch), broadcastable(batch), fc.constant<number[]>([])),
    m: size,
    k: size,
    n: size,
  }),
)

const matMul = fc
  .tuple(batched, fc.constantFrom('matrices', 'row', 'column', 'dot'))
  .map(([{ left, right, m, k, n }, form]) => {
    if (form === 'dot') return [[k], [k]]
    if (form === 'row') return [[k], [...right, k, n]]
    if (form === 'column') return [[...left, m, k], [k]]
    return [
      [...left, m, k],
      [...right, k, n],
    ]
  })
  .chain(([a, b]) => fc.tuple(floats(a!), floats(b!)))
  .map((inputs) => ({ opType: 'MatMul', inputs }))

const flags = fc.record({ transA: fc.boolean(), transB: fc.boolean() })
const alpha = fc.constantFrom(1, 0.5, -2)

const turned = (rows: number, columns: number, transposed: boolean): number[] =>
  transposed ? [columns, rows] : [rows, columns]

const fused = fc.tuple(batched, flags, alpha).chain(([{ left, right, m, k, n }, trans, scale]) =>
  fc
    .tuple(
      floats([...left, ...turned(m, k, trans.transA)]),
      floats([...right, ...turned(k, n, trans.transB)]),
    )
    .map((inputs) => ({
      opType: 'FusedMatMul',
      domain: 'com.microsoft' as const,
      inputs,
      attributes: attributesOf(trans, scale),
    })),
)

const gemm = fc
  .record({ m: size, k: size, n: size, trans: flags, scale: alpha, beta: alpha })
  .chain(({ m, k, n, trans, scale, beta }) =>
    fc
      .tuple(
        floats(turned(m, k, trans.transA)),
        floats(turned(k, n, trans.transB)),
        fc.option(broadcastable([m, n]).chain((dims) => floats(dims))),
      )
      .map(([a, b, c]) => ({
        opType: 'Gemm',
        inputs: c === null ? [a, b] : [a, b, c],
        attributes: { ...attributesOf(trans, scale), beta: float(beta) },
      })),
  )

const einsum = fc
  .constantFrom(
    'ij,jk->ik',
    'bij,bkj->bik',
    'bhqd,bhkd->bhqk',
    'i,i->',
    'ij,kl->ik',
    'ij->ji',
    'ij->i',
  )
  .chain((equation) => {
    const letters = [...new Set(equation.replaceAll(/[^a-z]/g, ''))]
    const terms = equation.split('->')[0]!.split(',')
    return fc
      .array(size, { minLength: letters.length, maxLength: letters.length })
      .chain((sizes) => {
        const dimsOf = (term: string) => [...term].map((letter) => sizes[letters.indexOf(letter)]!)
        return fc.tuple(...terms.map((term) => floats(dimsOf(term))))
      })
      .map((inputs) => ({ opType: 'Einsum', inputs, attributes: { equation } }))
  })

export const productCases: GradientCases = {
  MatMul: matMul,
  'com.microsoft.FusedMatMul': fused,
  Gemm: gemm,
  Einsum: einsum,
}

function attributesOf(trans: { transA: boolean; transB: boolean }, scale: number) {
  return { transA: Number(trans.transA), transB: Number(trans.transB), alpha: float(scale) }
}
