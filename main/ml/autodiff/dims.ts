/** Arithmetic of static shapes. */

/** The number of elements of a tensor of shape `dims`. */
export function sizeOf(dims: readonly number[]): number {
  return dims.reduce((size, dim) => size * dim, 1)
}

/** An axis counted from the front, whichever end it was counted from. */
export function frontAxis(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis
}

export function sameDims(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((dim, axis) => dim === b[axis])
}
