/** Draws any picture anew as a WebP file of bounded size. */
import { decodeImage } from './decodeImage.js'
import { imageFailure } from './imageFailure.js'
import { sharp } from './imageLibrary.js'
import type { ImageSource } from './readImageBytes.js'

/**
 * The bytes of a WebP with the picture as it is shown: upright, in sRGB, on white, never enlarged.
 *
 * @param edgePixels of its longer edge, at most
 * @throws the errors of `decodeImage`
 */
export async function renderPreview(source: ImageSource, edgePixels: number): Promise<Uint8Array> {
  const { data, width, height } = await decodeImage(source, {
    width: edgePixels,
    height: edgePixels,
    fit: 'inside',
  })
  try {
    return await sharp(data, { raw: { width, height, channels: 3 } })
      .webp({ quality: 90 })
      .toBuffer()
  } catch (error) {
    throw imageFailure('(preview)', error)
  }
}
