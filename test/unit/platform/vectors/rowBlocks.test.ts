import { describe, expect, it, vi } from 'vitest'
import { createRandom } from '../../../../main/ml/training/random.js'
import { RowBlocks } from '../../../../main/platform/vectors/rowBlocks.js'

/** The kernel takes 16 numbers at a time; other lengths go without it. */
describe.each([16, 256, 48, 5, 24])('rows of %i numbers', (dim) => {
  const rows = 70
  const random = createRandom(dim)
  const numbers = (count: number) => Float32Array.from({ length: count }, () => random.next() - 0.5)

  function product(vectors: Float32Array, row: number, vector: Float32Array): number {
    return vector.reduce((sum, value, i) => sum + value * vectors[row * dim + i]!, 0)
  }

  it('are multiplied with a vector, in every block', () => {
    const blocks = new RowBlocks(dim, rows)
    const held = [blocks.append(), blocks.append(), blocks.append()]
    const values = held.map(() => numbers(rows * dim))
    held.forEach(({ vectors }, i) => {
      vectors.set(values[i]!)
    })
    const vector = numbers(dim)
    held.forEach(({ vectors, products }, i) => {
      expect(vectors).toEqual(values[i])
      for (const count of [0, 1, 69, rows]) {
        const found = products(vector, count)
        expect(found).toHaveLength(count)
        found.forEach((value, row) => {
          expect(value).toBeCloseTo(product(values[i]!, row, vector), 5)
        })
      }
    })
  })

  it('stay where they are when there are more', () => {
    const blocks = new RowBlocks(dim, rows)
    const first = blocks.append()
    first.vectors.fill(1)
    for (let more = 0; more < 20; more++) blocks.append().vectors.fill(2)
    first.vectors[0] = 3
    const found = first.products(new Float32Array(dim).fill(1), rows)
    expect(found[0]).toBe(dim + 2)
    expect(found[1]).toBe(dim)
  })
})

it('does without WebAssembly where there is no room for its memory', () => {
  const { WebAssembly } = globalThis as unknown as { WebAssembly: { Memory: new () => unknown } }
  const none = vi.spyOn(WebAssembly, 'Memory').mockImplementation(() => {
    throw new RangeError('could not allocate memory')
  })
  const { vectors, products } = new RowBlocks(16, 3).append()
  expect(none).toHaveBeenCalledOnce()
  none.mockRestore()
  vectors.fill(2)
  expect([...products(new Float32Array(16).fill(1), 3)]).toEqual([32, 32, 32])
})
