/** The entry of the HNSW search's worker thread. */
import { setImmediate } from 'node:timers/promises'
import { z } from 'zod'
import { HnswGraph } from '../../platform/vectors/hnswGraph.js'
import { serveCalls } from '../../platform/workerCalls.js'
import { readGraph, writeGraph } from './hnswFile.js'
import type { HnswCalls } from './hnswIndex.js'
import type { VectorBatch } from './vectorBatch.js'
import { type MatrixBlock, rowsOf } from './vectorMatrix.js'

/** Adding vectors pauses this often for the searches that wait. */
const longestHoldMs = 5

serveCalls<HnswCalls>((data, isStopping) => {
  const dim = z.number().int().positive().parse(data)
  let current: HnswGraph | null = null
  const graph = () => {
    if (current === null) throw new Error('no graph has been read or built')
    return current
  }
  return {
    calls: {
      read: async ({ folder, owner }) => {
        const found = await readGraph(folder, owner)
        current = found?.graph ?? null
        return found?.version ?? null
      },
      compareKeys: (wanted) => graph().compareKeys(wanted),
      build: (rows) => {
        current = buildGraph(rows, dim, isStopping)
      },
      write: ({ folder, content }) => writeGraph(folder, content, graph()),
      size: () => graph().size,
      upsert: (batch) => addBatch(graph(), batch, isStopping),
      remove: (keys) => {
        for (const key of keys) graph().remove(key)
      },
      search: (call) => graph().search(call),
    },
  }
})

/** Runs through at once: while it does, the exact index serves, and only a stop must be noticed. */
function buildGraph(
  rows: readonly MatrixBlock[],
  dim: number,
  isStopping: () => boolean,
): HnswGraph {
  const capacity = rows.reduce((sum, { keys }) => sum + keys.length, 0)
  const graph = new HnswGraph(dim, { capacity })
  for (const { key, vector } of rowsOf(rows, dim)) {
    if (isStopping()) throw new Error('the build was stopped')
    graph.upsert(key, vector)
  }
  return graph
}

async function addBatch(
  graph: HnswGraph,
  { keys, vectors }: VectorBatch,
  isStopping: () => boolean,
): Promise<void> {
  let pauseAt = performance.now() + longestHoldMs
  for (const [i, key] of keys.entries()) {
    graph.upsert(key, vectors.subarray(i * graph.dim, (i + 1) * graph.dim))
    if (performance.now() < pauseAt) continue
    if (isStopping()) throw new Error('the index was closed')
    await setImmediate()
    pauseAt = performance.now() + longestHoldMs
  }
}
