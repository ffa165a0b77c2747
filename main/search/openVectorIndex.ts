/** Opens the vectors of one model: by their HNSW file if it fits or nearly does, else exactly while it is rebuilt. */
import { AppError } from '../../shared/errors.js'
import type { VectorItem } from './vectorIndex.js'
import type { VectorStore, VectorStoreOptions } from './vectorStore.js'
import { CachedVectorStore } from './vectors/cachedVectorStore.js'
import { startExactIndex } from './vectors/exactIndex.js'
import { glanceAtGraph } from './vectors/hnswFile.js'
import { type HnswIndex, startHnswIndex } from './vectors/hnswIndex.js'
import { packVectors } from './vectors/vectorBatch.js'

/** Vectors on their way from the database to the index at one time. */
const loadBatchSize = 1024

/**
 * Resolves as soon as searches can be answered; a build goes on in the background.
 *
 * @throws AppError CANCELLED if `signal` is aborted before the vectors are loaded, and what `load`
 *   throws
 */
export async function openVectorIndex(options: VectorStoreOptions): Promise<VectorStore> {
  const saved = await openSaved(options)
  if (saved !== null) return saved
  const exact = startExactIndex(options.dim)
  try {
    for await (const items of inBatches(options.load(), options.signal)) {
      await exact.upsert(packVectors(items, options.dim))
    }
    const store = new CachedVectorStore(options, { kind: 'exact', index: exact })
    await store.buildIfLarge()
    return store
  } catch (error) {
    await exact.dispose()
    throw error
  }
}

/** The store of the saved graph, brought up to date; null if there is none that is worth it. */
async function openSaved(options: VectorStoreOptions): Promise<VectorStore | null> {
  const { folder, dim, version, catchUp } = options
  const glance = await glanceAtGraph(folder, options)
  if (glance === null) return null
  let keys: Uint32Array | null = null
  if (glance.version !== version) {
    if (catchUp === undefined) return null
    keys = await catchUp.keys()
    if (keys.length - glance.count > catchUp.limit) return null
  }
  const index = startHnswIndex(dim)
  try {
    const found = await index.read(folder, { modelId: options.modelId, dim })
    if (found === glance.version) {
      const store = new CachedVectorStore(options, { kind: 'hnsw', index, savedVersion: found })
      if (keys === null || (await bringUpToDate(store, index, keys, options))) return store
    }
  } catch (error) {
    await index.dispose()
    throw error
  }
  await index.dispose()
  return null
}

/** Whether `store` holds `keys` and no others now; false if that would take too long. */
async function bringUpToDate(
  store: CachedVectorStore,
  index: HnswIndex,
  keys: Uint32Array,
  { catchUp, version, signal }: VectorStoreOptions,
): Promise<boolean> {
  const { missing, surplus } = await index.compareKeys(keys)
  if (catchUp === undefined || missing.length > catchUp.limit) return false
  await store.remove([...surplus])
  for await (const items of inBatches(catchUp.load(missing), signal)) await store.upsert(items)
  await store.saveOrNotify(version)
  return true
}

async function* inBatches(
  source: AsyncIterable<VectorItem>,
  signal: AbortSignal | undefined,
): AsyncGenerator<VectorItem[]> {
  let items: VectorItem[] = []
  for await (const item of source) {
    if (signal?.aborted) throw new AppError('CANCELLED', { what: 'Loading the vectors' })
    items.push(item)
    if (items.length < loadBatchSize) continue
    yield items
    items = []
  }
  if (items.length > 0) yield items
}
