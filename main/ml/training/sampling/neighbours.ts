/** Finds for each item the most similar ones that mean something else. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { HnswGraph } from '../../../platform/vectors/hnswGraph.js'
import { normalizeRows } from '../../clip/normalizeRows.js'

/** Neighbours by item, best first: those of item i are at i * perItem on, -1 where there are no more. */
export interface NeighbourTable {
  readonly perItem: number
  readonly items: Int32Array
}

/** Neighbours kept of each item. */
const kept = 10
/** So many are looked at for them, as some mean the same. */
const lookedAt = 40
/** Others wait for this thread, such as a request to pause. */
const itemsPerTurn = 64

/**
 * By an HNSW graph over all rows. The same rows always give the same table.
 *
 * @param rows [items, dim]; only their directions matter
 * @param meansSame whether two items are no negatives of one another
 * @returns null when aborted
 */
export async function findNeighbours(
  rows: { readonly dim: number; readonly data: Float32Array },
  meansSame: (a: number, b: number) => boolean,
  signal: AbortSignal,
): Promise<NeighbourTable | null> {
  const { dim } = rows
  const data = normalizeRows(rows.data.slice(), dim)
  const count = data.length / dim
  const row = (item: number) => data.subarray(item * dim, (item + 1) * dim)
  const graph = new HnswGraph(dim, { capacity: count })
  for (let item = 0; item < count; item++) {
    if (item % itemsPerTurn === 0) await nextTurn()
    if (signal.aborted) return null
    graph.upsert(item, row(item))
  }
  const items = new Int32Array(count * kept).fill(-1)
  for (let item = 0; item < count; item++) {
    if (item % itemsPerTurn === 0) await nextTurn()
    if (signal.aborted) return null
    const hits = graph.search({ query: row(item), k: lookedAt, allow: null })
    const others = hits.filter(({ key }) => key !== item && !meansSame(key, item))
    items.set(
      others.slice(0, kept).map(({ key }) => key),
      item * kept,
    )
  }
  return { perItem: kept, items }
}
