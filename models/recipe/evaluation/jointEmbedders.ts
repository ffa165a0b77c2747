/** Embeds by several members at once, as their joint model will. */
import type { Directions } from '../assemble/leadingDirections.js'
import type { Embedders } from './heldOutFigures.js'

/** The members' embeddings in a row, each of length 1: their dot products are sums of cosines. */
export function embedInRows(members: readonly Embedders[]): Embedders {
  const dim = members.reduce((sum, member) => sum + member.dim, 0)
  const join = async (parts: readonly Promise<Float32Array>[], count: number) => {
    const rows = new Float32Array(count * dim)
    let at = 0
    for (const [k, part] of parts.entries()) {
      const width = members[k]!.dim
      const own = await part
      for (let row = 0; row < count; row++) {
        const values = own.subarray(row * width, (row + 1) * width)
        const length = Math.hypot(...values)
        rows.set(
          values.map((value) => value / length),
          row * dim + at,
        )
      }
      at += width
    }
    return rows
  }
  return {
    dim,
    pictures: (numbers) =>
      join(
        members.map((member) => member.pictures(numbers)),
        numbers.length,
      ),
    texts: (texts) =>
      join(
        members.map((member) => member.texts(texts)),
        texts.length,
      ),
  }
}

/** Rows of `embedders` as the joint model has them. */
export function embedJointly(embedders: Embedders, { from, to, data }: Directions): Embedders {
  const project = (rows: Float32Array) => {
    const count = rows.length / from
    const projected = new Float32Array(count * to)
    for (let row = 0; row < count; row++) {
      for (let i = 0; i < from; i++) {
        const value = rows[row * from + i]!
        for (let k = 0; k < to; k++) projected[row * to + k]! += value * data[i * to + k]!
      }
    }
    return projected
  }
  return {
    dim: to,
    pictures: async (numbers) => project(await embedders.pictures(numbers)),
    texts: async (texts) => project(await embedders.texts(texts)),
  }
}
