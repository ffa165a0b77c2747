/** Entry of the threads that make pixel values. */
import { openSync, readSync } from 'node:fs'
import { moved, serveCalls } from '../../../platform/workerCalls.js'
import { type AugmentationSettings, drawAugmentation, unchanged } from './augmentation.js'
import { type PictureData, recordBytes } from './pictureStore.js'
import { type Normalisation, renderPixels } from './renderPixels.js'

/** What a thread is started with. */
export interface PixelWorkerData {
  readonly pictures: PictureData
  readonly storedSize: number
  readonly size: number
  readonly normalisation: Normalisation
  /** By view, the last one for all further views; null leaves the pictures as they are. */
  readonly augmentations: readonly (AugmentationSettings | null)[]
  /** Per picture in the store 1 if it may be mirrored. */
  readonly mirrorable: Uint8Array
  readonly seed: number
}

/** The pictures wanted, by number in the store, in the order wanted. */
export interface PixelRequest {
  readonly epoch: number
  readonly pictures: Int32Array
  /** Which view of each is wanted; the first of all unless told. */
  readonly views?: Uint8Array
}

function openPixelWorker(data: PixelWorkerData) {
  const read = pictureReader(data.pictures, data.storedSize)
  const { augmentations, mirrorable, seed, size } = data
  const draw = (epoch: number, picture: number, view: number) => {
    const augmentation = augmentations[Math.min(view, augmentations.length - 1)] ?? null
    if (augmentation === null) return unchanged
    const drawn = drawAugmentation(augmentation, seed, epoch, picture, view)
    return mirrorable[picture] ? drawn : { ...drawn, flip: false }
  }
  return {
    /** Pixel values `[pictures, 3, size, size]`. */
    render({ epoch, pictures, views }: PixelRequest): Float32Array {
      const length = 3 * size * size
      const pixels = new Float32Array(pictures.length * length)
      pictures.forEach((picture, i) => {
        const target = pixels.subarray(i * length, (i + 1) * length)
        const drawn = draw(epoch, picture, views?.[i] ?? 0)
        renderPixels(read(picture), data.storedSize, drawn, data.normalisation, target, size)
      })
      return moved(pixels, [pixels.buffer])
    },
  }
}
export type PixelWorkerCalls = ReturnType<typeof openPixelWorker>

function pictureReader(data: PictureData, size: number): (picture: number) => Uint8Array {
  const length = recordBytes(size)
  if (data.kind === 'memory') {
    return (picture) => new Uint8Array(data.bytes, picture * length, length)
  }
  const file = openSync(data.path, 'r')
  const record = new Uint8Array(length)
  return (picture) => {
    readSync(file, record, 0, length, picture * length)
    return record
  }
}

serveCalls<PixelWorkerCalls>((data) => ({ calls: openPixelWorker(data as PixelWorkerData) }))
