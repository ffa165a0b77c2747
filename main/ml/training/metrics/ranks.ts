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

/** Where the relevant items stand, for each query that has some. */
export interface Ranking {
  readonly gallerySize: number
  /** The queries' rows. */
  readonly queries: Int32Array
  /** Per query the ranks of its relevant items, rising from 1. */
  readonly ranks: readonly Int32Array[]
  /** Per query the gallery row that scores best. */
  readonly first: Int32Array
}

/**
 * Ranks of what is relevant to each query. The rank of a relevant item is 1 plus the number of
 * relevant ones before it and of all others that score at least as high, so ties count against.
 *
 * @param queries and `gallery` of unit length
 */
export async function rankRelevant(
  queries: EmbeddingMatrix,
  gallery: EmbeddingMatrix,
  relevance: Relevance,
  signal?: AbortSignal,
): Promise<Ranking> {
  const session = await openSimilarity()
  try {
    const rows: number[] = []
    const ranks: Int32Array[] = []
    const first: number[] = []
    for (let start = 0; start < queries.rows; start += queriesPerBlock) {
      signal?.throwIfAborted()
      const end = Math.min(start + queriesPerBlock, queries.rows)
      const scores = await similarities(session, queries, gallery, start, end)
      for (let query = start; query < end; query++) {
        const relevant = relevance[query]!
        if (relevant.length === 0) continue
        const at = (query - start) * gallery.rows
        const own = scores.subarray(at, at + gallery.rows)
        rows.push(query)
        ranks.push(ranksOf(own, relevant))
        first.push(largest(own))
      }
    }
    return {
      gallerySize: gallery.rows,
      queries: Int32Array.from(rows),
      ranks,
      first: Int32Array.from(first),
    }
  } finally {
    await session.dispose()
  }
}

const queriesPerBlock = 256
/** Scores closer than float32 products can tell apart are ties. */
const tieTolerance = 1e-6

function ranksOf(scores: Float32Array, relevant: readonly number[]): Int32Array {
  const others = new Uint8Array(scores.length).fill(1)
  for (const item of relevant) others[item] = 0
  const own = Float32Array.from(relevant, (item) => scores[item]!)
  // A score that is no number stands last, wherever a sort would leave it.
  const falling = own
    .map((score) => (Number.isNaN(score) ? -Infinity : score))
    .sort()
    .reverse()
  return Int32Array.from(falling, (score, before) => {
    const threshold = score === -Infinity ? Number.NaN : score - tieTolerance
    let reaching = before
    // Asked for what lies below, so that a score that is no number counts against as well.
    for (let i = 0; i < scores.length; i++) if (!(scores[i]! < threshold)) reaching += others[i]!
    return reaching + 1
  })
}

function largest(scores: Float32Array): number {
  let best = 0
  for (let i = 1; i < scores.length; i++) if (scores[i]! > scores[best]!) best = i
  return best
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
