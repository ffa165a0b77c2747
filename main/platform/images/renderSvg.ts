/** Draws an SVG as a PNG file. */
import { imageFailure } from './imageFailure.js'
import { inputOptions, sharp } from './imageLibrary.js'

/**
 * The PNG bytes of `svg`, scaled to fit `sizePixels` squared, transparent where it is.
 *
 * @param name how the picture is called in errors
 * @throws AppError IMAGE_UNREADABLE
 */
export async function renderSvg(
  svg: string,
  sizePixels: number,
  name: string,
): Promise<Uint8Array> {
  try {
    return await sharp(Buffer.from(svg), inputOptions)
      .resize(sizePixels, sizePixels, {
        fit: 'contain',
        background: { r: 0, g: 0, b: 0, alpha: 0 },
      })
      .png({ compressionLevel: 6 })
      .toBuffer()
  } catch (error) {
    throw imageFailure(name, error)
  }
}
