/** Answers searches exactly until an HNSW graph is ready, and keeps that graph and its file current. */
import type { SearchOptions, VectorHit, VectorItem } from '../vectorIndex.js'
import type { VectorStore, VectorStoreOptions } from '../vectorStore.js'
import type { ExactIndex, IndexThread } from './exactIndex.js'
import { type HnswIndex, startHnswIndex } from './hnswIndex.js'
import { packQuery, packVectors, type VectorBatch } from './vectorBatch.js'

/**
 * Up to this many numbers, exact search is quick enough to do without HNSW: a million take about a
 * millisecond.
 */
const exactNumbersLimit = 5_000_000

type Change =
  | { readonly kind: 'upsert'; readonly batch: VectorBatch }
  | { readonly kind: 'remove'; readonly keys: Uint32Array }

/** What serves. The exact index goes once the graph is there, so the vectors are held only once. */
type Serving =
  | { readonly kind: 'exact'; readonly index: ExactIndex }
  | {
      readonly kind: 'hnsw'
      readonly index: HnswIndex
      /** Of the file that the index was read from, null if from none. */
      readonly savedVersion: string | null
    }

/** A graph under construction, and what has changed since it was begun. */
interface Build {
  readonly index: HnswIndex
  readonly changes: Change[]
  readonly finished: Promise<void>
}

export class CachedVectorStore implements VectorStore {
  private readonly options: VectorStoreOptions
  private serving: Serving
  private build: Build | null = null
  private buildFailed = false
  private disposed = false
  /** Changes happen one after the other; this is the end of the last one. */
  private lastChange: Promise<unknown> = Promise.resolve()
  /** Of what is held; null since it was changed. */
  private version: string | null
  private savedVersion: string | null

  constructor(options: VectorStoreOptions, serving: Serving) {
    this.options = options
    this.serving = serving
    this.version = options.version
    this.savedVersion = serving.kind === 'hnsw' ? serving.savedVersion : null
  }

  mode(): 'exact' | 'building' | 'hnsw' {
    return this.build === null ? this.serving.kind : 'building'
  }

  size(): Promise<number> {
    return this.serving.index.size()
  }

  async settled(): Promise<void> {
    await this.lastChange
    await this.build?.finished
  }

  async upsert(items: readonly VectorItem[]): Promise<void> {
    await this.change({ kind: 'upsert', batch: packVectors(items, this.options.dim) })
  }

  async remove(keys: readonly number[]): Promise<void> {
    await this.change({ kind: 'remove', keys: Uint32Array.from(keys) })
  }

  async search(query: Float32Array, k: number, options: SearchOptions = {}): Promise<VectorHit[]> {
    const allow = options.allow === undefined ? null : Uint32Array.from(options.allow)
    const call = { query: packQuery(query, this.options.dim), k, allow }
    return this.serving.index.search(call)
  }

  save(version: string): Promise<void> {
    return this.inTurn(async () => {
      this.version = version
      await this.writeIfNeeded()
    })
  }

  /** Like `save`, where search goes on if the file cannot be written. */
  async saveOrNotify(version: string): Promise<void> {
    await this.save(version).catch((error: unknown) => this.notify('could not be saved', error))
  }

  /** Starts to build a graph if there is none and exact search is getting slow. */
  async buildIfLarge(): Promise<void> {
    const { serving } = this
    if (serving.kind === 'hnsw' || this.build !== null || this.buildFailed) return
    const limit = this.options.exactLimit ?? exactNumbersLimit
    if ((await serving.index.size()) * this.options.dim <= limit) return
    const index = startHnswIndex(this.options.dim)
    const changes: Change[] = []
    const built = serving.index.shared().then((rows) => index.build(rows))
    const finished = built
      .then(() => this.inTurn(() => this.adopt(index, changes, serving.index)))
      .catch((error: unknown) => this.giveUp(index, error))
    this.build = { index, changes, finished }
  }

  async dispose(): Promise<void> {
    this.disposed = true
    const { build } = this
    await build?.index.dispose()
    await build?.finished
    await this.lastChange
    await this.serving.index.dispose()
  }

  private change(change: Change): Promise<void> {
    return this.inTurn(async () => {
      this.version = null
      this.build?.changes.push(change)
      await apply(change, this.serving.index)
      await this.buildIfLarge()
    })
  }

  /** Lets the finished graph serve. The exact index ends after the searches it was given. */
  private async adopt(index: HnswIndex, changes: readonly Change[], exact: ExactIndex) {
    for (const change of changes) await apply(change, index)
    this.serving = { kind: 'hnsw', index, savedVersion: null }
    this.build = null
    // Calls are answered in their order: with this one, all searches before it are.
    await exact.size().catch(() => {})
    await exact.dispose()
    await this.writeIfNeeded().catch((error: unknown) => this.notify('could not be saved', error))
  }

  private async giveUp(index: HnswIndex, error: unknown): Promise<void> {
    this.build = null
    this.buildFailed = true
    await index.dispose()
    if (!this.disposed) this.notify('could not be built, so search stays exact', error)
  }

  private async writeIfNeeded(): Promise<void> {
    const { serving, version } = this
    if (serving.kind === 'exact' || version === null || version === this.savedVersion) return
    const { folder, modelId, dim } = this.options
    await serving.index.write(folder, { modelId, dim, version })
    this.savedVersion = version
  }

  private inTurn<T>(action: () => Promise<T>): Promise<T> {
    const result = this.lastChange.then(action)
    this.lastChange = result.catch(() => {})
    return result
  }

  private notify(what: string, error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error)
    this.options.onNotice?.(`The index for quick search ${what}: ${reason}`)
  }
}

async function apply(change: Change, index: IndexThread): Promise<void> {
  if (change.kind === 'upsert') await index.upsert(change.batch)
  else await index.remove(change.keys)
}
