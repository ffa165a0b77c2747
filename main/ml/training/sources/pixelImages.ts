/** Image inputs made by the pixel threads. */
import type { PixelPool } from '../pictures/pixelPool.js'
import type { BatchPart } from '../step/contrastiveBatch.js'
import type { ImageInputs } from './pairBatches.js'

/** Pixels of a batch are held whole up to this size; beyond it each part is made when it is needed. */
const wholeBatchBytes = 2 ** 28

/**
 * The input `pixel_values` `[count, 3, size, size]`.
 *
 * @param pictures per item its number in the picture store
 */
export function createPixelImages(
  pool: PixelPool,
  size: number,
  pictures: Int32Array,
): ImageInputs {
  const pictureLength = 3 * size * size
  const asInput = (data: Float32Array) => ({
    pixel_values: {
      type: 'float32' as const,
      dims: [data.length / pictureLength, 3, size, size],
      data,
    },
  })
  return async (items, epoch) => {
    const wanted = items.map((item) => pictures[item]!)
    if (items.length * pictureLength * 4 > wholeBatchBytes) {
      return renderAhead((part) => pool.render({ epoch, pictures: part }), wanted, asInput)
    }
    const pixels = await pool.render({ epoch, pictures: wanted })
    return (start, count) =>
      asInput(pixels.subarray(start * pictureLength, (start + count) * pictureLength))
  }
}

/** Makes each part when asked, and the one after it while that is being trained on. */
function renderAhead(
  render: (pictures: Int32Array) => Promise<Float32Array>,
  pictures: Int32Array,
  asInput: (data: Float32Array) => Awaited<ReturnType<BatchPart>>,
): BatchPart {
  let next: { start: number; count: number; pixels: Promise<Float32Array> } | null = null
  return async (start, count) => {
    const known = next?.start === start && next.count === count ? next.pixels : null
    const pixels = known ?? render(pictures.slice(start, start + count))
    const after = start + count
    next = null
    if (after < pictures.length) {
      const nextCount = Math.min(count, pictures.length - after)
      const nextPixels = render(pictures.slice(after, after + nextCount))
      // Met where it is awaited; a run that ends before that must not fail by it.
      nextPixels.catch(() => {})
      next = { start: after, count: nextCount, pixels: nextPixels }
    }
    return asInput(await pixels)
  }
}
