/** How fast and how completely similar vectors are found, by HNSW and exactly. */
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { hnswParameters } from '../main/platform/vectors/hnswGraph.js'
import { openVectorIndex } from '../main/search/openVectorIndex.js'
import type { VectorHit, VectorItem } from '../main/search/vectorIndex.js'
import type { VectorStore, VectorStoreOptions } from '../main/search/vectorStore.js'
import type { Benchmark, Row } from './benchmark.js'
import { clusteredVectors } from './clusteredVectors.js'
import { numberList } from './numberList.js'
import { percentile } from './percentiles.js'

const settingsSchema = z.strictObject({
  dim: z.coerce.number().int().positive().default(256),
  sizes: numberList('10000,100000', 10),
  queries: z.coerce.number().int().min(100).default(2000),
})

const k = 10
/** Of the queries, how many are compared with exact search. */
const comparedQueries = 300
const vectorsPerCluster = 100
const spread = 0.8

/** One collection of vectors and what is asked of it. */
interface Case {
  readonly size: number
  readonly options: VectorStoreOptions
  /** Queries that lie where the vectors lie. */
  readonly near: readonly Float32Array[]
  /** Queries between three clusters, as words lie between pictures. */
  readonly between: readonly Float32Array[]
}

export const searchBenchmark: Benchmark = {
  name: 'search',
  describe:
    'Ten nearest of clustered unit vectors, asked one after the other from another thread. Recall@10 is the share of the exact answer that HNSW finds, for queries from the same clusters and for queries between clusters. Memory is what opening the index from its file adds to the process; the speed-up is the median of exact search over that of HNSW.',
  async run(settings) {
    const { dim, sizes, queries } = settingsSchema.parse(settings)
    const folder = await mkdtemp(join(tmpdir(), 'bench-search-'))
    try {
      const rows: Row[] = []
      for (const size of sizes) rows.push(await measure(makeCase(size, dim, queries, folder)))
      return { parameters: { dim, queries, ...hnswParameters, vectorsPerCluster, spread }, rows }
    } finally {
      await rm(folder, { recursive: true })
    }
  },
}

function makeCase(size: number, dim: number, queries: number, folder: string): Case {
  const clusters = Math.ceil(size / vectorsPerCluster)
  // The same seed gives the same vectors on every load, so that none need be kept.
  const source = () => clusteredVectors({ dim, clusters, spread, seed: size })
  async function* load(): AsyncGenerator<VectorItem> {
    const next = source()
    for (let key = 0; key < size; key++) yield { key, vector: next() }
  }
  const next = source()
  for (let i = 0; i < size; i++) next()
  const near = Array.from({ length: queries }, next)
  const between = Array.from({ length: comparedQueries }, () => sum(next(), next(), next()))
  const options = { folder, modelId: `bench-${size}`, dim, version: '1', load }
  return { size, options, near, between }
}

async function measure({ size, options, near, between }: Case): Promise<Row> {
  const exact = await openVectorIndex({ ...options, exactLimit: Number.POSITIVE_INFINITY })
  const exactMs: number[] = []
  const rightNear = await searchAll(exact, near.slice(0, comparedQueries), exactMs)
  const rightBetween = await searchAll(exact, between)
  await exact.dispose()

  const builder = await openVectorIndex({ ...options, exactLimit: 0 })
  const buildStart = performance.now()
  await builder.settled()
  const buildSeconds = (performance.now() - buildStart) / 1000
  await builder.dispose()

  const memoryBefore = process.memoryUsage.rss()
  const openStart = performance.now()
  const store = await openVectorIndex(options)
  const openMs = performance.now() - openStart
  if (store.mode() !== 'hnsw') throw new Error('the saved index was not used')
  await searchAll(store, near)
  const times: number[] = []
  const foundNear = await searchAll(store, near, times)
  const memoryBytes = process.memoryUsage.rss() - memoryBefore
  const foundBetween = await searchAll(store, between)
  await store.dispose()

  return {
    vectors: size,
    'p50 ms': percentile(times, 0.5),
    'p99 ms': percentile(times, 0.99),
    'exact p50 ms': percentile(exactMs, 0.5),
    'speed-up': percentile(exactMs, 0.5) / percentile(times, 0.5),
    'recall@10': recall(foundNear, rightNear),
    'recall@10 between': recall(foundBetween, rightBetween),
    'build s': buildSeconds,
    'inserts/s': Math.round(size / buildSeconds),
    'open ms': Math.round(openMs),
    'file MB': Math.round((await largestFileBytes(options.folder)) / 1e6),
    'memory MB': Math.round(memoryBytes / 1e6),
  }
}

async function searchAll(
  store: VectorStore,
  queries: readonly Float32Array[],
  timesMs: number[] = [],
): Promise<VectorHit[][]> {
  const answers: VectorHit[][] = []
  for (const query of queries) {
    const start = performance.now()
    answers.push(await store.search(query, k))
    timesMs.push(performance.now() - start)
  }
  return answers
}

/** Mean over the queries that have a right answer. */
function recall(found: readonly VectorHit[][], right: readonly VectorHit[][]): number {
  const shares = right.map((hits, i) => {
    const keys = new Set(found[i]!.map(({ key }) => key))
    return hits.filter(({ key }) => keys.has(key)).length / hits.length
  })
  return shares.reduce((total, share) => total + share, 0) / shares.length
}

function sum(a: Float32Array, b: Float32Array, c: Float32Array): Float32Array {
  return a.map((value, i) => value + b[i]! + c[i]!)
}

async function largestFileBytes(folder: string): Promise<number> {
  const names = await readdir(folder)
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size))
  return Math.max(...sizes)
}
