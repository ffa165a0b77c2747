/** Watches a run from scratch on held-out pairs, which it only shows: nothing is chosen by them. */
import type { TrainingPair } from '../../../../shared/domain/training.js'
import { loadPixelValues } from '../../clip/preprocess.js'
import type { PreprocessConfig } from '../../clip/preprocessConfig.js'
import { evaluatePairs, type PairEmbedder } from '../evaluatePairs.js'
import { readingFailure } from '../features/embedPictures.js'
import type { FeatureChunk, SkippedRow } from '../features/featureCache.js'
import { forEachBounded } from '../forEachBounded.js'
import type { ContrastiveStep } from '../step/contrastiveStep.js'
import type { Watch } from '../watch.js'

/** Pairs measured on, so that a measurement takes as long however many are held out. */
const mostPairs = 256
/** Their pictures are kept in memory. */
const pixelBytes = 2 ** 26
const picturesPerBatch = 32
const decodedAtOnce = 4

interface ScratchWatchOptions {
  readonly config: PreprocessConfig
  readonly signal: AbortSignal
  readonly texts: (step: ContrastiveStep) => PairEmbedder['texts']
}

/** Null without held-out pairs. */
export function createScratchWatch(
  heldOut: readonly TrainingPair[],
  { config, signal, texts }: ScratchWatchOptions,
): Watch | null {
  const pictureLength = 3 * config.width * config.height
  const count = Math.min(heldOut.length, mostPairs, Math.floor(pixelBytes / 4 / pictureLength))
  if (count < 2) return null
  const pairs = Array.from(
    { length: count },
    (_, i) => heldOut[Math.floor((i * heldOut.length) / count)]!,
  )
  let known: Promise<Pixels> | undefined
  return {
    part: 'heldOut',
    measurements: null,
    async measure(step) {
      const images = async (paths: readonly string[]) => {
        known ??= readPixels(paths, config, signal)
        return embedPixels(await known, config, step)
      }
      const { report } = await evaluatePairs(pairs, { images, texts: texts(step) }, signal)
      return { report, enough: false }
    },
  }
}

/** [rows, 3, height, width]; zeros in the rows of skipped pictures. */
interface Pixels {
  readonly rows: number
  readonly data: Float32Array
  readonly skipped: readonly SkippedRow[]
}

async function readPixels(
  paths: readonly string[],
  config: PreprocessConfig,
  signal: AbortSignal,
): Promise<Pixels> {
  const length = 3 * config.width * config.height
  const data = new Float32Array(paths.length * length)
  const skipped: SkippedRow[] = []
  await forEachBounded(paths, decodedAtOnce, signal, async (path, row) => {
    try {
      data.set(await loadPixelValues(path, config), row * length)
    } catch (error) {
      skipped.push({ row, reason: readingFailure(error) })
    }
  })
  return { rows: paths.length, data, skipped }
}

async function embedPixels(
  { rows, data, skipped }: Pixels,
  { width, height }: PreprocessConfig,
  step: ContrastiveStep,
): Promise<FeatureChunk> {
  const length = 3 * width * height
  const parts: Float32Array[] = []
  for (let start = 0; start < rows; start += picturesPerBatch) {
    const count = Math.min(picturesPerBatch, rows - start)
    const batch = data.subarray(start * length, (start + count) * length)
    const pixels = { type: 'float32', dims: [count, 3, height, width], data: batch } as const
    const embedded = await step.embed('image', { pixel_values: pixels }, 'average')
    parts.push(embedded.data as Float32Array)
  }
  const dim = parts[0]!.length / Math.min(picturesPerBatch, rows)
  const all = new Float32Array(rows * dim)
  parts.forEach((part, i) => {
    all.set(part, i * picturesPerBatch * dim)
  })
  return { dim, data: all, skipped }
}
