import { expect, it } from 'vitest'
import { createRandom } from '../../../../main/ml/training/random.js'
import { nearestRows } from '../../../../main/tuning/linking/nearestRows.js'

const dim = 8
const { signal } = new AbortController()

/** More rows than a block has, in few dimensions, so that many are near each other. */
function unitRows(count: number): Float32Array {
  const random = createRandom(count)
  const data = new Float32Array(count * dim)
  for (let row = 0; row < count; row++) {
    const vector = Array.from({ length: dim }, () => random.next() - 0.5)
    const length = Math.hypot(...vector)
    data.set(
      vector.map((value) => value / length),
      row * dim,
    )
  }
  return data
}

function bruteForce(data: Float32Array, least: number): Map<string, number> {
  const count = data.length / dim
  const found = new Map<string, number>()
  for (let a = 0; a < count; a++) {
    for (let b = 0; b < count; b++) {
      let cosine = 0
      for (let i = 0; i < dim; i++) cosine += data[a * dim + i]! * data[b * dim + i]!
      if (a !== b && cosine >= least) found.set(`${a} ${b}`, cosine)
    }
  }
  return found
}

it('finds what brute force finds, both ways, across blocks', async () => {
  const data = unitRows(2_500)
  const right = bruteForce(data, 0.95)
  expect(right.size).toBeGreaterThan(100)
  const found = await nearestRows({ dim, data }, { least: 0.95, most: 1_000 }, signal)
  expect(found.map(({ a, b }) => `${a} ${b}`).sort()).toEqual([...right.keys()].sort())
  for (const { a, b, cosine } of found) expect(cosine).toBeCloseTo(right.get(`${a} ${b}`)!, 5)
})

it('keeps the nearest of each row', async () => {
  const data = unitRows(300)
  const found = await nearestRows({ dim, data }, { least: -1, most: 3 }, signal)
  expect(found).toHaveLength(900)
  const right = bruteForce(data, -1)
  for (let row = 0; row < 300; row++) {
    const best = [...right].filter(([pair]) => pair.startsWith(`${row} `))
    const nearest = best.sort((x, y) => y[1] - x[1]).slice(0, 3)
    expect(found.filter(({ a }) => a === row).map(({ a, b }) => `${a} ${b}`)).toEqual(
      nearest.map(([pair]) => pair),
    )
  }
})
