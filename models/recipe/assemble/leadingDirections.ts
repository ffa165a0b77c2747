/** The directions that rows lie in most, found from how their numbers go together. */

/** A matrix `[from, to]` whose columns have length 1 and stand upright on each other. */
export interface Directions {
  readonly from: number
  readonly to: number
  readonly data: Float32Array
}

/** The joint model's held-out figures are then nearly those of the members' embeddings in a row. */
const rounds = 24

/**
 * The `to` directions that keep most of the rows' dot products: the first eigenvectors of their second
 * moment, by orthogonal iteration (Golub and Van Loan, Matrix Computations, 8.2.4).
 *
 * @param sets rows of `from` numbers; each set counts the same, however many rows it has
 */
export function leadingDirections(
  sets: readonly Float32Array[],
  from: number,
  to: number,
): Directions {
  const moment = new Float64Array(from * from)
  for (const rows of sets) addMoment(moment, rows, from)
  // Starts from the first axes; each round turns the columns towards the largest moments.
  let columns: Float64Array[] = Array.from({ length: to }, (_, k) =>
    Float64Array.from({ length: from }, (__, i) => (i === k ? 1 : 0)),
  )
  for (let round = 0; round < rounds; round++) {
    columns = uprightOf(columns.map((column) => product(moment, column)))
  }
  const data = new Float32Array(from * to)
  for (const [k, column] of columns.entries()) {
    for (let i = 0; i < from; i++) data[i * to + k] = column[i]!
  }
  return { from, to, data }
}

/** Adds the mean of x'x over the rows x. */
function addMoment(moment: Float64Array, rows: Float32Array, from: number): void {
  const share = from / rows.length
  for (let start = 0; start < rows.length; start += from) {
    for (let i = 0; i < from; i++) {
      const factor = rows[start + i]! * share
      for (let j = 0; j < from; j++) moment[i * from + j]! += factor * rows[start + j]!
    }
  }
}

function product(matrix: Float64Array, column: Float64Array): Float64Array {
  const size = column.length
  return Float64Array.from({ length: size }, (_, i) => dot(matrix.subarray(i * size), column))
}

/** Gram and Schmidt's columns, twice, as one pass leaves rounding errors. */
function uprightOf(columns: readonly Float64Array[]): Float64Array[] {
  const upright: Float64Array[] = []
  for (const column of columns) {
    for (let pass = 0; pass < 2; pass++) {
      for (const other of upright) subtract(column, other, dot(column, other))
    }
    const length = Math.sqrt(dot(column, column))
    upright.push(column.map((value) => value / length))
  }
  return upright
}

function subtract(column: Float64Array, other: Float64Array, times: number): void {
  for (let i = 0; i < column.length; i++) column[i]! -= times * other[i]!
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < b.length; i++) sum += a[i]! * b[i]!
  return sum
}
