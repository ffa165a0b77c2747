/** Finds for each of many unit vectors those most like it, by comparing each with each. */
import type { Graph, TensorData } from '../../ml/onnx/graph.js'
import { GraphBuilder } from '../../ml/onnx/graphBuilder.js'
import { writeModel } from '../../ml/onnx/writeModel.js'
import { openSessionInWorker } from '../../ml/runtime/openSessionInWorker.js'
import { BestHits } from '../../platform/vectors/bestHits.js'
import type { EmbeddedPictures } from './pictureEvidence.js'

/** Few enough that the products of one block with another, 4 MB, stay near the processor. */
const blockRows = 1_024

export interface NearRows {
  readonly a: number
  readonly b: number
  readonly cosine: number
}

/**
 * Each row with those of at least this cosine, the `most` nearest if there are more. It misses
 * nothing, and up to hundreds of thousands of rows matrix products take less time than an HNSW graph
 * takes to be built (`npm run bench linking`, `npm run bench search`).
 */
export async function nearestRows(
  rows: EmbeddedPictures,
  { least, most }: { readonly least: number; readonly most: number },
  signal: AbortSignal,
): Promise<NearRows[]> {
  const count = rows.data.length / rows.dim
  const nearest = new Map<number, BestHits>()
  const keep = (row: number, other: number, cosine: number) => {
    const kept = nearest.get(row) ?? new BestHits(most)
    nearest.set(row, kept)
    kept.add(other, cosine)
  }
  const model = writeModel(buildProducts(rows.dim))
  const session = await openSessionInWorker(model, { device: 'cpu', threads: 0, background: true })
  try {
    for (let above = 0; above < count; above += blockRows) {
      for (let left = above; left < count; left += blockRows) {
        signal.throwIfAborted()
        const [rowsAbove, rowsLeft] = [blockAt(rows, above), blockAt(rows, left)]
        const { best } = await session.run({ above: rowsAbove, left: rowsLeft }, ['best'])
        const near = placesAtLeast(best!, least)
        if (near.length === 0) continue
        const some = { above: pick(rowsAbove, near), left: rowsLeft }
        const { cosines } = await session.run(some, ['cosines'])
        const width = rowsLeft.dims[0]!
        for (const at of placesAtLeast(cosines!, least)) {
          const a = above + near[Math.floor(at / width)]!
          const b = left + (at % width)
          if (a >= b) continue
          const cosine = (cosines!.data as Float32Array)[at]!
          keep(a, b, cosine)
          keep(b, a, cosine)
        }
      }
    }
  } finally {
    await session.dispose()
  }
  return [...nearest].flatMap(([a, hits]) =>
    hits.sorted().map(({ key, score }) => ({ a, b: key, cosine: score })),
  )
}

/** Hardly any product is worth a look: the best of each row tells which rows are. */
function buildProducts(dim: number): Graph {
  const builder = new GraphBuilder('cosines')
  const above = builder.input('above', 'float32', ['m', dim])
  const left = builder.input('left', 'float32', ['n', dim])
  const cosines = builder.op('Gemm', [above, left], { transB: 1 })
  const best = builder.op('ReduceMax', [cosines, builder.ints([1])], { keepdims: 0 })
  builder.output(cosines, 'float32', ['m', 'n'], 'cosines')
  builder.output(best, 'float32', ['m'], 'best')
  return builder.build()
}

function blockAt({ dim, data }: EmbeddedPictures, row: number): TensorData {
  return matrix(data.subarray(row * dim, (row + blockRows) * dim), dim)
}

function pick({ dims, data }: TensorData, rows: readonly number[]): TensorData {
  const dim = dims[1]!
  const picked = new Float32Array(rows.length * dim)
  for (const [i, row] of rows.entries()) {
    picked.set((data as Float32Array).subarray(row * dim, (row + 1) * dim), i * dim)
  }
  return matrix(picked, dim)
}

function matrix(data: Float32Array, dim: number): TensorData {
  return { type: 'float32', dims: [data.length / dim, dim], data }
}

function placesAtLeast({ data }: TensorData, least: number): number[] {
  const places: number[] = []
  const values = data as Float32Array
  for (let at = 0; at < values.length; at++) if (values[at]! >= least) places.push(at)
  return places
}
