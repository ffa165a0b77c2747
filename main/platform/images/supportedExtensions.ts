/** The file extensions of pictures that can be decoded on this machine. */
import { readableExtensions } from './imageLibrary.js'

/** Formats of photos; libvips tells which extensions of them it was built to read. */
const formats = ['jpeg', 'png', 'webp', 'gif', 'tiff', 'svg', 'heif'] as const

let known: ReadonlySet<string> | null = null

/**
 * Lower-case extensions with their dot, such as `.jpg`. HEIC is among them only where libvips has
 * a decoder for it; the prebuilt one reads AVIF alone.
 */
export function supportedExtensions(): ReadonlySet<string> {
  known ??= new Set(formats.flatMap(readableExtensions))
  return known
}
