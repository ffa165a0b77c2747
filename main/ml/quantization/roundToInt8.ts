/** Rounds a matrix to whole numbers of 8 bits, symmetrically, with a scale of its own for each column or row. */

/** `values` times the scale of their column (or row) are what was rounded, within half a scale. */
export interface RoundedMatrix {
  readonly values: Int8Array
  readonly scales: Float32Array
}

/**
 * @param data `[rows, columns]`, row by row
 * @param axis what shares a scale: all numbers of a column (1) or of a row (0)
 * @param largest what the largest number of those that share a scale becomes, up to 127
 */
export function roundToInt8(
  data: Float32Array,
  [rows, columns]: readonly [number, number],
  axis: 0 | 1,
  largest: number,
): RoundedMatrix {
  const scales = new Float32Array(axis === 0 ? rows : columns)
  for (let row = 0, at = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, at++) {
      const group = axis === 0 ? row : column
      scales[group] = Math.max(scales[group]!, Math.abs(data[at]!) / largest)
    }
  }
  // Nothing but zeros: any scale gives them back.
  scales.forEach((scale, i) => {
    if (scale === 0) scales[i] = 1
  })
  const values = new Int8Array(data.length)
  for (let row = 0, at = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, at++) {
      values[at] = Math.round(data[at]! / scales[axis === 0 ? row : column]!)
    }
  }
  return { values, scales }
}
