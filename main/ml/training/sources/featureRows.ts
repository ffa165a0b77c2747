/** Batch inputs that are rows of a table computed once, such as a frozen backbone's features. */
import type { BatchPart } from '../step/contrastiveBatch.js'

/** Features in row-major order: `data.length` is rows times the product of `rowDims`. */
export interface FeatureTable {
  readonly rowDims: readonly number[]
  readonly data: Float32Array
}

/** The rows as a tower's input `name`, `[count, ...rowDims]`. */
export function pickRows(table: FeatureTable, rows: Int32Array, name = 'features'): BatchPart {
  const rowLength = table.rowDims.reduce((product, dim) => product * dim, 1)
  return (start, count) => {
    const data = new Float32Array(count * rowLength)
    for (let i = 0; i < count; i++) {
      const at = rows[start + i]! * rowLength
      data.set(table.data.subarray(at, at + rowLength), i * rowLength)
    }
    return { [name]: { type: 'float32', dims: [count, ...table.rowDims], data } }
  }
}
