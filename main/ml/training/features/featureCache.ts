/** Features of many inputs, computed once, in chunks that survive an interrupted run. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { AppError, isAppError } from '../../../../shared/errors.js'
import {
  type CheckpointContent,
  readCheckpoint,
  writeCheckpoint,
} from '../checkpoint/checkpointFile.js'
import { onFullDisk } from '../onFullDisk.js'

/** An input without features, by its number. */
export interface SkippedRow {
  readonly row: number
  readonly reason: string
}

/** The features `[rows, dim]` of some inputs; rows of skipped ones hold zeros. */
export interface FeatureChunk {
  readonly dim: number
  readonly data: Float32Array
  readonly skipped: readonly SkippedRow[]
}

export interface FeatureCacheOptions {
  /** Where the chunks are kept; each set of inputs has a folder of its own. */
  readonly folder: string
  readonly rows: number
  /** Computes the features of the inputs `start` .. `end - 1`, of which row 0 is `start`. */
  readonly compute: (start: number, end: number) => Promise<FeatureChunk>
  readonly signal: AbortSignal
  readonly onProgress: (done: number, total: number) => void
}

/** Inputs per chunk, and so the most that a crash costs. */
const chunkRows = 128

const chunkStateSchema = z.object({
  rows: z.number(),
  skipped: z.array(z.object({ row: z.number(), reason: z.string() })),
})

/** The features of all inputs, from the cache as far as it reaches. Throws DISK_FULL. */
export async function collectFeatures(options: FeatureCacheOptions): Promise<FeatureChunk> {
  const { folder, rows, signal, onProgress } = options
  await onFullDisk(folder, () => mkdir(folder, { recursive: true }))
  const chunks: FeatureChunk[] = []
  for (let start = 0; start < rows; start += chunkRows) {
    signal.throwIfAborted()
    const end = Math.min(start + chunkRows, rows)
    const path = join(folder, `${start}.bin`)
    const known = await readChunk(path, end - start)
    chunks.push(known ?? (await computeChunk(path, start, end, options)))
    onProgress(end, rows)
  }
  return joinChunks(chunks, rows)
}

async function computeChunk(
  path: string,
  start: number,
  end: number,
  { compute }: FeatureCacheOptions,
): Promise<FeatureChunk> {
  const chunk = await compute(start, end)
  const state = { rows: end - start, skipped: chunk.skipped }
  await writeCheckpoint(path, { state, tensors: new Map([['features', chunk.data]]) })
  return chunk
}

/** A chunk that is there and whole; a damaged one is computed anew. */
async function readChunk(path: string, rows: number): Promise<FeatureChunk | null> {
  const content = await readCheckpoint(path).catch((error: unknown): CheckpointContent | null => {
    if (isAppError(error, 'CHECKPOINT_INVALID')) return null
    throw error
  })
  const state = chunkStateSchema.safeParse(content?.state)
  const data = content?.tensors.get('features')
  if (!state.success || !data || state.data.rows !== rows) return null
  return { dim: data.length / rows, data, skipped: state.data.skipped }
}

/** A chunk without a single readable input does not know its width, and leaves its rows at zero. */
function joinChunks(chunks: readonly FeatureChunk[], rows: number): FeatureChunk {
  const dim = chunks.find((chunk) => chunk.dim > 0)?.dim ?? 0
  const data = new Float32Array(rows * dim)
  const skipped: SkippedRow[] = []
  for (const [i, chunk] of chunks.entries()) {
    const start = i * chunkRows
    if (chunk.dim > 0 && chunk.dim !== dim) {
      const problem = `rows of ${dim} and of ${chunk.dim} numbers`
      throw new AppError('SHAPE_MISMATCH', { where: 'cached features', problem })
    }
    data.set(chunk.data, start * dim)
    skipped.push(...chunk.skipped.map(({ row, reason }) => ({ row: start + row, reason })))
  }
  return { dim, data, skipped }
}

/** The features of some of the inputs, `[rows.length, dim]`. */
export function pickFeatureRows({ dim, data }: FeatureChunk, rows: readonly number[]) {
  const picked = new Float32Array(rows.length * dim)
  rows.forEach((row, i) => {
    picked.set(data.subarray(row * dim, (row + 1) * dim), i * dim)
  })
  return picked
}
