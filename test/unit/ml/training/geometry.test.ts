/** How embeddings lie on the sphere: figures of arrangements that can be worked out by hand. */
import { describe, expect, it } from 'vitest'
import { normalizeRows } from '../../../../main/ml/clip/normalizeRows.js'
import { measureGeometry } from '../../../../main/ml/training/metrics/geometry/measureGeometry.js'
import { createRandom } from '../../../../main/ml/training/random.js'

function matrix(rows: readonly (readonly number[])[]) {
  return { rows: rows.length, dim: rows[0]!.length, data: Float32Array.from(rows.flat()) }
}

describe('measureGeometry', () => {
  it('measures distances as they are', () => {
    const images = matrix([
      [1, 0],
      [0, 1],
    ])
    const texts = matrix([
      [1, 0],
      [-1, 0],
    ])
    const measured = measureGeometry(images, texts, [[0], [1]])
    // The first pair lies together, the second at a right angle.
    expect(measured.alignment).toBeCloseTo((0 + 2) / 2, 6)
    expect(measured.imageUniformity).toBeCloseTo(-2 * 2, 6)
    expect(measured.textUniformity).toBeCloseTo(-2 * 4, 6)
    expect(measured.modalityGap).toBeCloseTo(Math.hypot(0.5, 0.5), 6)
  })

  it('is 0 where all lies together, and near -4 where it is spread over many dimensions', () => {
    const one = matrix(Array.from({ length: 5 }, () => [0, 1]))
    const together = measureGeometry(one, one, [[0], [1], [2], [3], [4]])
    expect(together).toEqual({
      alignment: 0,
      imageUniformity: 0,
      textUniformity: 0,
      modalityGap: 0,
    })
    const random = createRandom(3)
    const dim = 128
    const data = Float32Array.from({ length: 1500 * dim }, () => random.between(-1, 1))
    const spread = { rows: 1500, dim, data: normalizeRows(data, dim) }
    expect(measureGeometry(spread, spread, []).imageUniformity).toBeCloseTo(-4, 0)
    expect(measureGeometry(matrix([[1]]), spread, []).imageUniformity).toBeNull()
  })
})
