/** Embeds picture files, decoding the next ones while the encoder works. */
import { isAppError } from '../../../../shared/errors.js'
import { failureReason } from '../../../platform/fileErrors.js'
import { loadCrop, toPixelValues } from '../../clip/preprocess.js'
import type { PreprocessConfig } from '../../clip/preprocessConfig.js'
import { forEachBounded } from '../forEachBounded.js'
import type { FeatureChunk, SkippedRow } from './featureCache.js'

export interface EmbedPicturesOptions {
  readonly paths: readonly string[]
  readonly config: PreprocessConfig
  /** `pixel_values` [count, 3, height, width] to rows [count, dim]. */
  readonly encode: (pixelValues: Float32Array, count: number) => Promise<Float32Array>
  readonly signal: AbortSignal
  readonly onProgress?: (done: number, total: number) => void
}

const picturesPerBatch = 32
/** libuv decodes four at a time; two more keep it busy. */
const decodeConcurrency = 6

/** One row per path; pictures that cannot be read are skipped, with zeros in their rows. */
export async function embedPictures(options: EmbedPicturesOptions): Promise<FeatureChunk> {
  const { paths, encode, signal, onProgress } = options
  const starts = Array.from(
    { length: Math.ceil(paths.length / picturesPerBatch) },
    (_, i) => i * picturesPerBatch,
  )
  const batches = starts.map((start) => paths.slice(start, start + picturesPerBatch))
  const skipped: SkippedRow[] = []
  let dim = 0
  let rows = new Float32Array()
  let next = batches[0] && decodeBatch(batches[0], options)
  for (const [i, start] of starts.entries()) {
    const decoded = await next!
    const following = batches[i + 1]
    next = following && decodeBatch(following, options)
    // Awaited in the next round; an error before that must not count as unhandled.
    next?.catch(() => {})
    signal.throwIfAborted()
    skipped.push(...decoded.skipped.map(({ row, reason }) => ({ row: start + row, reason })))
    if (decoded.rows.length > 0) {
      const embedded = await encode(decoded.pixelValues, decoded.rows.length)
      dim = embedded.length / decoded.rows.length
      if (rows.length === 0) rows = new Float32Array(paths.length * dim)
      decoded.rows.forEach((row, k) => {
        rows.set(embedded.subarray(k * dim, (k + 1) * dim), (start + row) * dim)
      })
    }
    onProgress?.(start + batches[i]!.length, paths.length)
  }
  return { dim, data: rows, skipped }
}

interface DecodedBatch {
  readonly pixelValues: Float32Array
  /** Which of the batch's pictures the tensor holds. */
  readonly rows: readonly number[]
  readonly skipped: readonly SkippedRow[]
}

async function decodeBatch(
  paths: readonly string[],
  { config, signal }: EmbedPicturesOptions,
): Promise<DecodedBatch> {
  const crops = new Map<number, Uint8Array>()
  const skipped: SkippedRow[] = []
  await forEachBounded(paths, decodeConcurrency, signal, async (path, row) => {
    try {
      crops.set(row, (await loadCrop(path, config)).data)
    } catch (error) {
      skipped.push({ row, reason: readingFailure(error) })
    }
  })
  const rows = [...crops.keys()].sort((a, b) => a - b)
  const length = 3 * config.width * config.height
  const data = new Float32Array(rows.length * length)
  for (const [i, row] of rows.entries()) toPixelValues(crops.get(row)!, config, data, i * length)
  return { pixelValues: data, rows, skipped }
}

/** Why a picture could not be read; anything but an AppError is a defect and is thrown on. */
export function readingFailure(error: unknown): string {
  if (!isAppError(error)) throw error
  return failureReason(error)
}
