/** Rules of matrix products. FusedMatMul covers their transposes without Transpose nodes. */

import { AppError } from '../../../../shared/errors.js'
import { floatAttribute, intAttribute, stringAttribute } from '../../onnx/attributes.js'
import { float } from '../../onnx/graphBuilder.js'
import { sameDims, sizeOf } from '../dims.js'
import type { RuleContext, RuleTable, Vjp } from '../rule.js'
import { unbroadcast } from '../unbroadcast.js'

export const productRules: RuleTable = {
  // Y = A B: dA = dY B', dB = A' dY
  MatMul: (c) => matrixProduct(c, { transA: false, transB: false, alpha: 1 }),
  // Y = alpha op(A) op(B): dop(A) = alpha dY op(B)', dop(B) = alpha op(A)' dY
  'com.microsoft.FusedMatMul': (c) => fusedMatMul(c),
  // Y = alpha op(A) op(B) + beta C: as FusedMatMul, dC = beta dY
  Gemm: (c) => gemm(c),
  // y_out = sum of a_0.. a_i ..: da_i = einsum of dy and the other operands into the indices of a_i
  Einsum: (c) => einsum(c),
}

interface ProductForm {
  readonly transA: boolean
  readonly transB: boolean
  readonly alpha: number
}

/** A matrix operand: its name and a shape of rank 2 or more. */
interface Matrix {
  readonly value: string
  readonly shape: readonly number[]
}

/** op(A) op(B) times alpha, by onnxruntime's own operator. */
export function emitProduct(
  { op }: Pick<RuleContext, 'op'>,
  [a, b]: readonly [string, string],
  { transA, transB, alpha }: ProductForm,
): string {
  if (!transA && !transB && alpha === 1) return op('MatMul', [a, b])
  const attributes = { transA: Number(transA), transB: Number(transB), alpha: float(alpha) }
  return op('FusedMatMul', [a, b], attributes, 'com.microsoft')
}

function formOf({ node }: RuleContext): ProductForm {
  return {
    transA: intAttribute(node, 'transA', 0) !== 0,
    transB: intAttribute(node, 'transB', 0) !== 0,
    alpha: floatAttribute(node, 'alpha', 1),
  }
}

function fusedMatMul(context: RuleContext): (Vjp | null)[] {
  const { node } = context
  if (intAttribute(node, 'transBatchA', 0) || intAttribute(node, 'transBatchB', 0)) {
    const opType = 'FusedMatMul (transposed batch)'
    throw new AppError('GRADIENT_RULE_MISSING', { opType, opset: 1 })
  }
  return matrixProduct(context, formOf(context))
}

function gemm(context: RuleContext): (Vjp | null)[] {
  const { op, scalar, dy, node, shape, x, y } = context
  const beta = floatAttribute(node, 'beta', 1)
  const scaled = (): string => (beta === 1 ? dy : op('Mul', [dy, scalar(beta)]))
  return [
    ...matrixProduct(context, formOf(context)),
    () => unbroadcast(context, scaled(), shape(y[0]!), shape(x[2]!)),
  ]
}

function matrixProduct(context: RuleContext, form: ProductForm): (Vjp | null)[] {
  const { shape, reshape, x } = context
  const [from, to] = [shape(x[0]!), shape(x[1]!)]
  const { a, b, dy } = asMatrices(context, form)
  const back = (matrix: Matrix, original: readonly number[]): string =>
    sameDims(matrix.shape, original) ? matrix.value : reshape(matrix.value, original)
  return [
    () => back(leftCotangent(context, a, b, dy, form), from),
    () => back(rightCotangent(context, a, b, dy, form), to),
  ]
}

/**
 * The operands with rank 2 or more: vectors become matrices, and a batch of rows times one 2-D
 * weight becomes one flat product, whose gradient needs no sum over the batch.
 */
function asMatrices(context: RuleContext, form: ProductForm): { a: Matrix; b: Matrix; dy: Matrix } {
  const { shape, reshape, x, y } = context
  const [left, right] = [shape(x[0]!), shape(x[1]!)]
  const a = left.length === 1 ? [1, left[0]!] : left
  const b = right.length === 1 ? [right[0]!, 1] : right
  const rows = a.at(form.transA ? -1 : -2)!
  const columns = b.at(form.transB ? -2 : -1)!
  const full = right.length === 1 ? [...a.slice(0, -1), 1] : [...batchOf(context), rows, columns]
  const view = (value: string, from: readonly number[], to: readonly number[]): Matrix => ({
    value: sameDims(from, to) ? value : reshape(value, to),
    shape: to,
  })
  const flat = b.length === 2 && a.length > 2 && !form.transA
  const flatRows = sizeOf(full.slice(0, -1))
  return {
    a: view(x[0]!, left, flat ? [flatRows, a.at(-1)!] : a),
    b: view(x[1]!, right, b),
    dy: view(context.dy, shape(y[0]!), flat ? [flatRows, columns] : full),
  }
}

/** The batch axes of a product whose right operand is no vector. */
function batchOf({ shape, x, y }: RuleContext): readonly number[] {
  return shape(y[0]!).slice(0, shape(x[0]!).length === 1 ? -1 : -2)
}

function leftCotangent(
  context: RuleContext,
  a: Matrix,
  b: Matrix,
  dy: Matrix,
  { transA, transB, alpha }: ProductForm,
): Matrix {
  const product = transA
    ? emitProduct(context, [b.value, dy.value], { transA: transB, transB: true, alpha })
    : emitProduct(context, [dy.value, b.value], { transA: false, transB: !transB, alpha })
  return summed(context, product, dy, a)
}

function rightCotangent(
  context: RuleContext,
  a: Matrix,
  b: Matrix,
  dy: Matrix,
  { transA, transB, alpha }: ProductForm,
): Matrix {
  const product = transB
    ? emitProduct(context, [dy.value, a.value], { transA: true, transB: transA, alpha })
    : emitProduct(context, [a.value, dy.value], { transA: !transA, transB: false, alpha })
  return summed(context, product, dy, b)
}

/** A product over the batch of dy, summed over the batch axes that `like` lacks. */
function summed(context: RuleContext, product: string, dy: Matrix, like: Matrix): Matrix {
  const from = [...dy.shape.slice(0, -2), ...like.shape.slice(-2)]
  return { value: unbroadcast(context, product, from, like.shape), shape: like.shape }
}

function einsum({ op, ones, node, dy, shape, x }: RuleContext): (Vjp | null)[] {
  const equation = stringAttribute(node, 'equation', '').replaceAll(' ', '')
  const [left = '', out] = equation.split('->')
  const terms = left.split(',')
  if (out === undefined || equation.includes('.') || terms.some(repeats)) {
    throw new AppError('GRADIENT_RULE_MISSING', { opType: `Einsum ${equation}`, opset: 12 })
  }
  return terms.map((term, index) => () => {
    const others = terms.filter((_, i) => i !== index)
    const lost = [...term].filter((letter) => ![out, ...others].join('').includes(letter))
    const sizes = lost.map((letter) => shape(x[index]!)[term.indexOf(letter)]!)
    const operands = [dy, ...x.filter((_, i) => i !== index), ...(lost.length ? [ones(sizes)] : [])]
    const sources = [out, ...others, ...(lost.length ? [lost.join('')] : [])]
    return op('Einsum', operands, { equation: `${sources.join(',')}->${term}` })
  })
}

function repeats(term: string): boolean {
  return new Set(term).size !== term.length
}
