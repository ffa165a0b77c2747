import { describe, expect, it } from 'vitest'
import { clusteredVectors } from '../../../../bench/clusteredVectors.js'
import { HnswGraph } from '../../../../main/platform/vectors/hnswGraph.js'
import { bruteForce, recallOf } from '../../search/bruteForce.js'

const dim = 64
const next = clusteredVectors({ dim, clusters: 60, spread: 0.8, seed: 1 })
const vectors = new Map(Array.from({ length: 4000 }, (_, key) => [key, next()]))
const queries = Array.from({ length: 20 }, () => next())

function build(): HnswGraph {
  // Less room than needed, so that it has to grow.
  const graph = new HnswGraph(dim, { capacity: 1000 })
  for (const [key, vector] of vectors) graph.upsert(key, vector)
  return graph
}

function meanRecall(graph: HnswGraph, k: number, allow?: ReadonlySet<number>): number {
  const live = new Map([...vectors].filter(([key]) => allow?.has(key) ?? true))
  const recalls = queries.map((query) => {
    const keys = allow === undefined ? null : Uint32Array.from(allow)
    return recallOf(graph.search({ query, k, allow: keys }), bruteForce(live, query, k))
  })
  return recalls.reduce((sum, recall) => sum + recall, 0) / recalls.length
}

describe('HnswGraph', () => {
  const graph = build()

  it('finds at least 98 % of what exact search finds, with its scores', () => {
    expect(graph.size).toBe(4000)
    expect(meanRecall(graph, 10)).toBeGreaterThanOrEqual(0.98)
    const query = queries[0]!
    const found = graph.search({ query, k: 10, allow: null })
    expect(found[0]!.score).toBeCloseTo(bruteForce(vectors, query, 1)[0]!.score, 5)
    expect(found.map(({ score }) => score)).toEqual(
      found.map(({ score }) => score).sort((a, b) => b - a),
    )
  })

  it.each([2, 3, 20, 500])('finds as well among each %i-th key', (step) => {
    const allow = new Set([...vectors.keys()].filter((key) => key % step === 0))
    expect(meanRecall(graph, 10, allow)).toBeGreaterThanOrEqual(0.98)
  })

  it('finds allowed keys that are the least similar of all', () => {
    const query = queries[0]!
    const order = bruteForce(vectors, query, 4000).map(({ key }) => key)
    const allow = new Set(order.slice(-1500))
    const found = graph.search({ query, k: 10, allow: Uint32Array.from(allow) })
    expect(recallOf(found, bruteForce(vectors, query, 10, allow))).toBeGreaterThanOrEqual(0.9)
    expect(found.every(({ key }) => allow.has(key))).toBe(true)
    expect(graph.search({ query, k: 10, allow: Uint32Array.of(99_999) })).toEqual([])
    expect(graph.search({ query, k: 10, allow: new Uint32Array(0) })).toEqual([])
  })

  it('gives everything it has when asked for more', () => {
    const small = new HnswGraph(2, { capacity: 2 })
    expect(small.search({ query: Float32Array.of(1, 0), k: 5, allow: null })).toEqual([])
    small.upsert(7, Float32Array.of(1, 0))
    small.upsert(9, Float32Array.of(0, 1))
    expect(small.search({ query: Float32Array.of(1, 0), k: 5, allow: null })).toEqual([
      { key: 7, score: 1 },
      { key: 9, score: 0 },
    ])
    expect(small.search({ query: Float32Array.of(1, 0), k: 0, allow: null })).toEqual([])
  })

  it('forgets what is removed, and takes it again', () => {
    const query = queries[1]!
    const [first, second] = bruteForce(vectors, query, 2)
    graph.remove(first!.key)
    graph.remove(first!.key)
    graph.remove(99_999)
    expect(graph.size).toBe(3999)
    expect(graph.removedKeys).toEqual([first!.key])
    expect(graph.search({ query, k: 1, allow: null })[0]!.key).toBe(second!.key)
    expect(graph.search({ query, k: 1, allow: Uint32Array.of(first!.key) })).toEqual([])
    graph.upsert(first!.key, vectors.get(first!.key)!)
    expect(graph.size).toBe(4000)
    expect(graph.removedKeys).toEqual([])
    expect(graph.search({ query, k: 1, allow: null })[0]!.key).toBe(first!.key)
  })

  it('puts a changed vector where it now belongs', () => {
    const query = queries[2]!
    const last = bruteForce(vectors, query, 4000).at(-1)!
    graph.upsert(last.key, query)
    expect(graph.size).toBe(4000)
    expect(graph.search({ query, k: 1, allow: null })[0]).toMatchObject({ key: last.key })
    graph.upsert(last.key, vectors.get(last.key)!)
  })
})
