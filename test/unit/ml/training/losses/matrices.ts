/** Small matrices in float64, for the closed forms that losses are held to. */
export type Row = readonly number[]
export type Matrix = readonly Row[]

export const dot = (a: Row, b: Row) => a.reduce((sum, x, i) => sum + x * b[i]!, 0)
export const unit = (v: Row) => v.map((x) => x / Math.hypot(...v))
export const units = (m: Matrix) => m.map(unit)
export const transpose = (m: Matrix): Matrix => m[0]!.map((_, j) => m.map((row) => row[j]!))
export const mapped = (m: Matrix, f: (x: number, i: number, j: number) => number): Matrix =>
  m.map((row, i) => row.map((x, j) => f(x, i, j)))
export const products = (u: Matrix, v: Matrix): Matrix => u.map((a) => v.map((b) => dot(a, b)))
export const cosines = (u: Matrix, v: Matrix): Matrix => products(units(u), units(v))
export const times = (m: Matrix, v: Matrix): Matrix => products(m, transpose(v))
export const sumOf = (m: Matrix): number => m.flat().reduce((sum, x) => sum + x, 0)
export const identity = (size: number): Matrix =>
  Array.from({ length: size }, (_, i) => Array.from({ length: size }, (_, j) => Number(i === j)))

export const logSoftmax = (m: Matrix): Matrix =>
  m.map((row) => {
    const top = Math.max(...row)
    const total = row.reduce((sum, x) => sum + Math.exp(x - top), 0)
    return row.map((x) => x - top - Math.log(total))
  })
export const softmax = (m: Matrix): Matrix => mapped(logSoftmax(m), Math.exp)

/** Which rows have equal numbers, as 1 and 0. */
export const equal = (numbers: Row): Matrix =>
  numbers.map((a) => numbers.map((b) => Number(a === b)))

/** Rows divided by their sums. */
export const shared = (m: Matrix): Matrix =>
  m.map((row) => row.map((x) => x / row.reduce((sum, y) => sum + y, 0)))

/** The gradient by rows v, given the one by their directions: (g - u (u . g)) / |v|. */
export const throughUnit = (v: Matrix, g: Matrix): Matrix =>
  v.map((row, i) => {
    const u = unit(row)
    return row.map((_, k) => (g[i]![k]! - u[k]! * dot(u, g[i]!)) / Math.hypot(...row))
  })
