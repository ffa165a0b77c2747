/** The pictures of a run as pixels: decoded once, then cropped, changed and normalised for each batch. */
import { availableParallelism } from 'node:os'
import { dirname } from 'node:path'
import type { TrainingPair } from '../../../../shared/domain/training.js'
import { AppError } from '../../../../shared/errors.js'
import { loadCrop } from '../../clip/preprocess.js'
import type { PreprocessConfig } from '../../clip/preprocessConfig.js'
import type { AugmentationSettings } from '../pictures/augmentation.js'
import { mayMirror } from '../pictures/mirroring.js'
import { preparePictures } from '../pictures/pictureStore.js'
import { startPixelPool } from '../pictures/pixelPool.js'
import { createPixelImages } from '../sources/pixelImages.js'
import type { ImageInputs } from '../sources/towerInputs.js'
import type { MethodContext, SkippedFile } from './method.js'

/** How much larger than the model sees them pictures are kept, to leave room for crops. */
const augmentationMargin = 1.15
/** Pictures up to this size are kept in memory. */
const pictureMemoryBytes = 2 ** 30

export interface PicturePixelsOptions {
  readonly context: Pick<MethodContext, 'run' | 'workFolder' | 'signal' | 'onEvent'>
  readonly items: readonly TrainingPair[]
  readonly config: PreprocessConfig
  /** By view; null for pictures as the model sees them. */
  readonly augmentations: readonly (AugmentationSettings | null)[]
}

export interface PicturePixels {
  /** The items whose pictures could be read, which `inputs` counts by. */
  readonly items: readonly TrainingPair[]
  readonly skipped: readonly SkippedFile[]
  readonly inputs: ImageInputs
  dispose(): Promise<void>
}

/** Throws NO_PICTURES if none can be read, and DISK_FULL. */
export async function openPicturePixels(options: PicturePixelsOptions): Promise<PicturePixels> {
  const { context, items, config, augmentations } = options
  const store = await decodePictures(options)
  const pictures = Int32Array.from(items.flatMap((_, i) => (store.readable[i] ? [i] : [])))
  if (pictures.length === 0) {
    throw new AppError('NO_PICTURES', { path: dirname(items[0]?.image ?? '') })
  }
  const data = {
    pictures: store.data,
    storedSize: store.size,
    size: config.width,
    normalisation: { rescaleFactor: config.rescaleFactor, mean: config.mean, std: config.std },
    augmentations,
    mirrorable: Uint8Array.from(items, ({ captions }) => (mayMirror(captions) ? 1 : 0)),
    seed: context.run.spec.seed,
  }
  const pool = startPixelPool(data, Math.min(4, Math.max(1, availableParallelism() - 1)))
  return {
    items: [...pictures].map((i) => items[i]!),
    skipped: store.skipped,
    inputs: createPixelImages(pool, config.width, pictures),
    dispose: () => pool.dispose(),
  }
}

function decodePictures({ context, items, config, augmentations }: PicturePixelsOptions) {
  const { workFolder, signal, onEvent } = context
  const margin = augmentations.some((augmentation) => augmentation !== null)
    ? augmentationMargin
    : 1
  return preparePictures({
    paths: items.map((item) => item.image),
    size: Math.round(config.width * margin),
    decode: async (path, size) => (await loadCrop(path, enlarge(config, size))).data,
    folder: workFolder,
    memoryLimitBytes: pictureMemoryBytes,
    signal,
    onProgress: (done, total) =>
      onEvent({ type: 'preparing', phase: 'reading pictures', done, total }),
  })
}

/** The same view of the picture in more pixels. */
function enlarge(config: PreprocessConfig, size: number): PreprocessConfig {
  const { resize, width } = config
  const larger =
    resize.kind === 'crop' ? { ...resize, edge: Math.round((resize.edge * size) / width) } : resize
  return { ...config, width: size, height: size, resize: larger }
}
