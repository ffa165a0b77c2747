import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { packQuery, packVectors } from '../../../../main/search/vectors/vectorBatch.js'
import { rowsOf, VectorMatrix } from '../../../../main/search/vectors/vectorMatrix.js'
import { bruteForce } from '../bruteForce.js'

const dim = 6
const key = fc.integer({ min: 0, max: 30 })
const vector = fc
  .array(fc.float({ min: -2, max: 2, noNaN: true }), { minLength: dim, maxLength: dim })
  .map((values) => Float32Array.from(values))
const change = fc.oneof(
  fc.record({ add: fc.array(fc.record({ key, vector }), { maxLength: 10 }) }),
  fc.record({ remove: fc.array(key, { maxLength: 5 }) }),
)

describe('VectorMatrix', () => {
  it('finds what brute force finds, after any changes', () => {
    fc.assert(
      fc.property(
        fc.array(change, { maxLength: 20 }),
        vector,
        fc.integer({ min: 0, max: 40 }),
        fc.option(fc.uniqueArray(key), { nil: undefined }),
        (changes, query, k, allowed) => {
          const matrix = new VectorMatrix(dim)
          const expected = new Map<number, Float32Array>()
          for (const step of changes) {
            if ('add' in step) {
              matrix.upsert(packVectors(step.add, dim))
              for (const item of step.add) expected.set(item.key, item.vector)
            } else {
              matrix.remove(step.remove)
              for (const gone of step.remove) expected.delete(gone)
            }
          }
          const allow = allowed && new Set(allowed)
          const found = matrix.search(
            packQuery(query, dim),
            k,
            allowed ? Uint32Array.from(allowed) : null,
          )
          const right = bruteForce(expected, query, k, allow)
          expect(matrix.size).toBe(expected.size)
          expect(found.length).toBe(right.length)
          // Near-equal scores may change places by rounding, so scores are compared in order.
          found.forEach((hit, i) => {
            expect(hit.score).toBeCloseTo(right[i]!.score, 5)
            const exact = bruteForce(expected, query, 1, new Set([hit.key]))[0]!
            expect(hit.score).toBeCloseTo(exact.score, 5)
          })
          expect(new Set(found.map((hit) => hit.key)).size).toBe(found.length)
          expect([...rowsOf(matrix.shared(), dim)].map((row) => row.key).sort()).toEqual(
            [...expected.keys()].sort(),
          )
        },
      ),
    )
  })

  it('spreads over several blocks', () => {
    const matrix = new VectorMatrix(2)
    const items = Array.from({ length: 20_000 }, (_, i) => ({
      key: i,
      vector: Float32Array.of(Math.cos(i / 20_000), Math.sin(i / 20_000)),
    }))
    matrix.upsert(packVectors(items, 2))
    expect(matrix.shared().length).toBe(3)
    const hits = matrix.search(items[15_000]!.vector, 1, null)
    expect(hits[0]!.score).toBeCloseTo(1, 6)
    expect(Math.abs(hits[0]!.key - 15_000)).toBeLessThan(50)
    expect([...rowsOf(matrix.shared(), 2)].length).toBe(20_000)
  })
})

describe('packVectors', () => {
  it.each([
    [{ key: -1, vector: new Float32Array(2) }, 'key'],
    [{ key: 1.5, vector: new Float32Array(2) }, 'key'],
    [{ key: 2 ** 32 - 1, vector: new Float32Array(2) }, 'key'],
    [{ key: 1, vector: new Float32Array(3) }, 'has 3 numbers instead of 2'],
    [{ key: 1, vector: Float32Array.of(1, Number.NaN) }, 'no number'],
    [{ key: 1, vector: Float32Array.of(1, Number.POSITIVE_INFINITY) }, 'no number'],
  ])('refuses %o', (item, message) => {
    expect(() => packVectors([item], 2)).toThrow(message)
  })
})
