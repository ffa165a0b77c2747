/** An HNSW graph (Malkov and Yashunin 2018) in memory, by hnswlib. */
import hnswlib from 'hnswlib-node'
import { BestHits, type VectorHit } from './bestHits.js'

/** docs/benchmarks.md shows what these give; more links or a wider search cost time and memory. */
export const hnswParameters = {
  /** Links of a node in each layer; twice as many in the lowest one. */
  m: 16,
  /** Candidates looked at for a new node's links. */
  efConstruction: 200,
  /** Candidates kept during a search; at least as many as are asked for. */
  efSearch: 256,
}

/** Reading a vector back takes about as long as finding this many of them by the graph (measured). */
const readCostInFinds = 15
/** Of what a filter is expected to let through, fetch more by this, as luck varies. */
const overFetch = 1.5

/** Where a graph with its removed keys comes from: a file that has been checked. */
export interface SavedGraph {
  readonly path: string
  readonly removedKeys: readonly number[]
}

/** What is looked for. */
export interface GraphQuery {
  /** [dim], of unit length. */
  readonly query: Float32Array
  readonly k: number
  /** If given, only these keys may be found. */
  readonly allow: Uint32Array | null
}

/** How the keys of a graph differ from others. */
export interface KeyDifference {
  readonly missing: Uint32Array
  readonly surplus: Uint32Array
}

/**
 * Removed nodes stay in the graph as stepping stones and are only left out of results.
 *
 * hnswlib can filter by a JavaScript callback, which has aborted the process; it is never used.
 */
export class HnswGraph {
  readonly dim: number
  private readonly graph: hnswlib.HierarchicalNSW
  private readonly live = new Set<number>()
  private readonly removed = new Set<number>()
  /** hnswlib takes plain arrays only; one is enough for all points. */
  private readonly point: number[]

  /** @param capacity how many vectors to make room for; grows by itself when it is used up */
  constructor(dim: number, from: SavedGraph | { readonly capacity: number }) {
    this.dim = dim
    this.point = new Array<number>(dim).fill(0)
    this.graph = new hnswlib.HierarchicalNSW('ip', dim)
    if ('capacity' in from) {
      const { m, efConstruction } = hnswParameters
      this.graph.initIndex({ maxElements: Math.max(1, from.capacity), m, efConstruction })
      return
    }
    this.graph.readIndexSync(from.path)
    for (const key of this.graph.getIdsList()) this.live.add(key)
    for (const key of from.removedKeys) {
      this.live.delete(key)
      this.removed.add(key)
    }
  }

  get size(): number {
    return this.live.size
  }

  get removedKeys(): readonly number[] {
    return [...this.removed]
  }

  /** Which of `wanted` the graph lacks, and which keys it has besides. */
  compareKeys(wanted: Uint32Array): KeyDifference {
    const known = new Set(wanted)
    return {
      missing: wanted.filter((key) => !this.live.has(key)),
      surplus: Uint32Array.from(this.live).filter((key) => !known.has(key)),
    }
  }

  /** @param vector [dim], of unit length */
  upsert(key: number, vector: Float32Array): void {
    const known = this.live.has(key) || this.removed.has(key)
    if (!known && this.graph.getCurrentCount() >= this.graph.getMaxElements()) {
      this.graph.resizeIndex(Math.ceil(this.graph.getMaxElements() * 1.25) + 64)
    }
    this.graph.addPoint(this.toPoint(vector), key)
    this.live.add(key)
    this.removed.delete(key)
  }

  remove(key: number): void {
    if (!this.live.delete(key)) return
    this.graph.markDelete(key)
    this.removed.add(key)
  }

  search({ query, k, allow }: GraphQuery): VectorHit[] {
    if (allow === null) return this.searchAll(query, k)
    const allowed = new Set([...allow].filter((key) => this.live.has(key)))
    if (allowed.size === 0) return []
    let fetch = Math.ceil((overFetch * k * this.size) / allowed.size)
    while (fetch < readCostInFinds * allowed.size && fetch < this.size) {
      const hits = this.searchAll(query, fetch).filter(({ key }) => allowed.has(key))
      if (hits.length >= Math.min(k, allowed.size)) return hits.slice(0, k)
      fetch *= 4
    }
    return this.compareWith(allowed, query, k)
  }

  /** Writes hnswlib's own format; it does not tell when the disk is full. */
  write(path: string): void {
    this.graph.writeIndexSync(path)
  }

  private searchAll(query: Float32Array, k: number): VectorHit[] {
    const wanted = Math.min(k, this.size)
    if (wanted === 0) return []
    this.graph.setEf(Math.max(hnswParameters.efSearch, wanted))
    const { neighbors, distances } = this.graph.searchKnn(this.toPoint(query), wanted)
    return neighbors.map((key, i) => ({ key, score: 1 - distances[i]! }))
  }

  private compareWith(keys: ReadonlySet<number>, query: Float32Array, k: number): VectorHit[] {
    const best = new BestHits(k)
    for (const key of keys) {
      const vector = this.graph.getPoint(key)
      best.add(
        key,
        query.reduce((sum, value, i) => sum + value * vector[i]!, 0),
      )
    }
    return best.sorted()
  }

  private toPoint(vector: Float32Array): number[] {
    for (let i = 0; i < this.dim; i++) this.point[i] = vector[i]!
    return this.point
  }
}
