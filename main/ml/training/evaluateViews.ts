/** Measures how well an encoder tells pictures apart that have no words: by two views of each. */
import type { PictureReport, TrainingPair } from '../../../shared/domain/training.js'
import { normalizeRows } from '../clip/normalizeRows.js'
import { loadCrop } from '../clip/preprocess.js'
import type { PreprocessConfig } from '../clip/preprocessConfig.js'
import { readingFailure } from './features/embedPictures.js'
import { forEachBounded } from './forEachBounded.js'
import { nearestLabelAccuracy } from './metrics/nearestLabel.js'
import { evaluateRetrieval } from './metrics/retrieval.js'
import { drawAugmentation, unchanged, viewAugmentation } from './pictures/augmentation.js'
import { renderPixels } from './pictures/renderPixels.js'

/** `pixel_values` [count, 3, height, width] to rows [count, dim]. */
type EncodePictures = (pixelValues: Float32Array, count: number) => Promise<Float32Array>

/** Decoded pictures, with some room around them for crops. */
export interface ViewedPictures {
  readonly storedSize: number
  readonly config: PreprocessConfig
  readonly pictures: readonly { readonly bytes: Uint8Array; readonly label: string | undefined }[]
}

/** More would only take time and memory. */
const mostPictures = 1_000
const margin = 1.15
const decodedAtOnce = 4
const picturesPerBatch = 32
/** The views are the same for every model and every run. */
const viewSeed = 41

/** Reads at most `most` of the pictures, spread over all; those that cannot be read are left out. */
export async function readViewedPictures(
  pairs: readonly TrainingPair[],
  config: PreprocessConfig,
  signal: AbortSignal,
  most = mostPictures,
): Promise<ViewedPictures> {
  const count = Math.min(pairs.length, most)
  const chosen = Array.from(
    { length: count },
    (_, i) => pairs[Math.floor((i * pairs.length) / count)]!,
  )
  const storedSize = Math.round(config.width * margin)
  const enlarged = {
    ...config,
    width: storedSize,
    height: storedSize,
    resize: { kind: 'crop', edge: storedSize },
  } as const
  const read: (Uint8Array | undefined)[] = []
  await forEachBounded(chosen, decodedAtOnce, signal, async ({ image }, i) => {
    try {
      read[i] = (await loadCrop(image, enlarged)).data
    } catch (error) {
      readingFailure(error)
    }
  })
  const pictures = chosen.flatMap(({ label }, i) => {
    const bytes = read[i]
    return bytes ? [{ bytes, label }] : []
  })
  return { storedSize, config, pictures }
}

/** Null for fewer than two pictures. */
export async function evaluateViews(
  viewed: ViewedPictures,
  encode: EncodePictures,
  signal?: AbortSignal,
): Promise<PictureReport | null> {
  const { pictures } = viewed
  if (pictures.length < 2) return null
  const first = await embedView(viewed, 1, encode, signal)
  const second = await embedView(viewed, 2, encode, signal)
  const own = pictures.map((_, row) => [row])
  const { textToImage } = await evaluateRetrieval(first, second, own, signal)
  const labels = pictures.map(({ label }) => label)
  const labelled = labels.some((label) => label !== undefined)
  const plain = labelled ? await embedView(viewed, 0, encode, signal) : null
  if (plain) normalizeRows(plain.data, plain.dim)
  return { otherView: textToImage, labels: plain && nearestLabelAccuracy(plain, labels) }
}

/** Embeddings of a view of every picture; view 0 is the picture as it is. */
async function embedView(
  { storedSize, config, pictures }: ViewedPictures,
  view: number,
  encode: EncodePictures,
  signal?: AbortSignal,
) {
  const { width: size } = config
  const length = 3 * size * size
  const parts: Float32Array[] = []
  for (let start = 0; start < pictures.length; start += picturesPerBatch) {
    signal?.throwIfAborted()
    const some = pictures.slice(start, start + picturesPerBatch)
    const pixels = new Float32Array(some.length * length)
    some.forEach(({ bytes }, i) => {
      const change =
        view === 0 ? unchanged : drawAugmentation(viewAugmentation, viewSeed, 0, start + i, view)
      const target = pixels.subarray(i * length, (i + 1) * length)
      renderPixels(bytes, storedSize, change, config, target, size)
    })
    parts.push(await encode(pixels, some.length))
  }
  const dim = parts[0]!.length / Math.min(picturesPerBatch, pictures.length)
  const data = new Float32Array(pictures.length * dim)
  parts.forEach((part, i) => {
    data.set(part, i * picturesPerBatch * dim)
  })
  return { rows: pictures.length, dim, data }
}
