/** Image inputs made by the pixel threads. */
import type { PixelPool } from '../pictures/pixelPool.js'
import type { BatchPart } from '../step/contrastiveBatch.js'
import type { ImageInputs } from './towerInputs.js'

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
  return async (items, epoch, views) => {
    const wanted = items.map((item) => pictures[item]!)
    const render = (start: number, end: number) => {
      const seen = views ? { views: views.slice(start, end) } : {}
      return pool.render({ epoch, pictures: wanted.slice(start, end), ...seen })
    }
    if (items.length * pictureLength * 4 > wholeBatchBytes) {
      return renderAhead(render, wanted.length, asInput)
    }
    const pixels = await render(0, wanted.length)
    return (start, count) =>
      asInput(pixels.subarray(start * pictureLength, (start + count) * pictureLength))
  }
}

/** Makes each part when asked, and the one after it while that is being trained on. */
function renderAhead(
  render: (start: number, end: number) => Promise<Float32Array>,
  total: number,
  asInput: (data: Float32Array) => Awaited<ReturnType<BatchPart>>,
): BatchPart {
  let next: { start: number; count: number; pixels: Promise<Float32Array> } | null = null
  return async (start, count) => {
    const known = next?.start === start && next.count === count ? next.pixels : null
    const pixels = known ?? render(start, start + count)
    const after = start + count
    next = null
    if (after < total) {
      const nextCount = Math.min(count, total - after)
      const nextPixels = render(after, after + nextCount)
      // Met where it is awaited; a run that ends before that must not fail by it.
      nextPixels.catch(() => {})
      next = { start: after, count: nextCount, pixels: nextPixels }
    }
    return asInput(await pixels)
  }
}
