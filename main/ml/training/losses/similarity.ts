/** Parts that losses share: cosines, and which pairs of rows belong together. */
import type { GraphBuilder } from '../../onnx/graphBuilder.js'

/** Guards the division by the length of an embedding that is all zeros. */
const tinySquare = 1e-12
/** Stands for minus infinity: as a logit its exponential is 0, and products with 0 stay numbers. */
export const excluded = -1e9

/** Rows of x [rows, dim] divided by their lengths. */
export function normalizeRows(b: GraphBuilder, x: string): string {
  const square = b.op('ReduceSum', [b.op('Mul', [x, x]), b.ints([1])], { keepdims: 1 })
  return b.op('Div', [x, b.op('Sqrt', [b.op('Add', [square, b.scalar(tinySquare)])])])
}

/** The dot product of every row of x with every row of y, [rows of x, rows of y]. */
export function dotProducts(b: GraphBuilder, x: string, y: string): string {
  return b.op('Gemm', [x, y], { transB: 1 })
}

/** The cosine of every row of x with every row of y. */
export function cosines(b: GraphBuilder, x: string, y: string): string {
  return dotProducts(b, normalizeRows(b, x), normalizeRows(b, y))
}

export function transpose(b: GraphBuilder, x: string): string {
  return b.op('Transpose', [x], { perm: [1, 0] })
}

/** 0 .. rows - 1, for the rows of x. */
export function rowNumbers(b: GraphBuilder, x: string): string {
  const rows = b.op('Slice', [b.op('Shape', [x]), b.ints([0]), b.ints([1])])
  const bounds = [b.ints([0]), rows, b.ints([1])].map((v) => b.op('Squeeze', [v]))
  return b.op('Range', bounds)
}

/** [rows, rows], boolean: whether two entries of `labels` [rows] are equal. */
export function sameLabel(b: GraphBuilder, labels: string): string {
  const column = b.op('Unsqueeze', [labels, b.ints([1])])
  return b.op('Equal', [column, b.op('Unsqueeze', [labels, b.ints([0])])])
}

/** The same as numbers: 1 for equal entries, otherwise 0. */
export function equalityMatrix(b: GraphBuilder, labels: string): string {
  return b.op('Cast', [sameLabel(b, labels)], { to: 1 })
}

/** Rows of a matrix that is not negative divided by their sums: targets of equal weight. */
export function shareOut(b: GraphBuilder, matrix: string): string {
  return b.op('Div', [matrix, b.op('ReduceSum', [matrix, b.ints([1])], { keepdims: 1 })])
}

/** Sums of the rows, [rows]. */
export function rowSums(b: GraphBuilder, x: string): string {
  return b.op('ReduceSum', [x, b.ints([1])], { keepdims: 0 })
}

/** The mean of a vector. */
export function meanOf(b: GraphBuilder, x: string): string {
  return b.op('ReduceMean', [x, b.ints([0])], { keepdims: 0 })
}
