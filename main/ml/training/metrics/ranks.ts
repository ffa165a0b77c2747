/** Ranks of what is relevant, by exact comparison of all embeddings, block by block. */
import { GraphBuilder } from '../../onnx/graphBuilder.js'
import { writeModel } from '../../onnx/writeModel.js'
import { openSession } from '../../runtime/openSession.js'
import type { Session } from '../../runtime/session.js'

/** Embeddings, row-major `[rows, dim]`. */
export interface EmbeddingMatrix {
  readonly rows: number
  readonly dim: number
  readonly data: Float32Array
}

/** Per query the gallery rows that count as right. */
export type Relevance = readonly (readonly number[])[]

/**
 * For each query with something relevant, the best rank among its relevant items: 1 plus the number
 * of others that score at least as high, so ties count against.
 *
 * @param queries and `gallery` of unit length
 */
export async function rankRelevant(
  queries: EmbeddingMatrix,
  gallery: EmbeddingMatrix,
  relevance: Relevance,
  signal?: AbortSignal,
): Promise<Int32Array> {
  const session = await openSimilarity()
  try {
    const ranks: number[] = []
    for (let start = 0; start < queries.rows; start += queriesPerBlock) {
      signal?.throwIfAborted()
      const end = Math.min(start + queriesPerBlock, queries.rows)
      const scores = await similarities(session, queries, gallery, start, end)
      for (let query = start; query < end; query++) {
        const relevant = relevance[query]!
        if (relevant.length === 0) continue
        const at = (query - start) * gallery.rows
        ranks.push(bestRank(scores.subarray(at, at + gallery.rows), relevant))
      }
    }
    return Int32Array.from(ranks)
  } finally {
    await session.dispose()
  }
}

const queriesPerBlock = 256
/** Scores closer than float32 products can tell apart are ties. */
const tieTolerance = 1e-6

function bestRank(scores: Float32Array, relevant: readonly number[]): number {
  const best = relevant.reduce((max, item) => Math.max(max, scores[item]!), -Infinity)
  const threshold = best - tieTolerance
  // Asked for what lies below, so that a score that is no number counts against as well.
  let reaching = 0
  for (const score of scores) if (!(score < threshold)) reaching++
  for (const item of relevant) if (!(scores[item]! < threshold)) reaching--
  return reaching + 1
}

/** A product with the transposed gallery, the fused operator reading it as it lies. */
async function openSimilarity(): Promise<Session> {
  const b = new GraphBuilder('similarity')
  const queries = b.input('queries', 'float32', ['queries', 'dim'])
  const gallery = b.input('gallery', 'float32', ['gallery', 'dim'])
  const scores = b.op('FusedMatMul', [queries, gallery], { transB: 1 }, 'com.microsoft')
  b.output(scores, 'float32', ['queries', 'gallery'], 'scores')
  return openSession(writeModel(b.build()), { device: 'cpu', threads: 0, spinning: false })
}

async function similarities(
  session: Session,
  queries: EmbeddingMatrix,
  gallery: EmbeddingMatrix,
  start: number,
  end: number,
): Promise<Float32Array> {
  const { dim } = queries
  const { scores } = await session.run({
    queries: {
      type: 'float32',
      dims: [end - start, dim],
      data: queries.data.subarray(start * dim, end * dim),
    },
    gallery: { type: 'float32', dims: [gallery.rows, dim], data: gallery.data },
  })
  return scores!.data as Float32Array
}
