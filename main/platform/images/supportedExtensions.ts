/** The file extensions of pictures that can be decoded on this machine. */
import { sharp } from './imageLibrary.js'

/** Formats of photos; libvips tells which suffixes of them it was built to read. */
const formats = ['jpeg', 'png', 'webp', 'gif', 'tiff', 'svg', 'heif'] as const

/**
 * Lower-case extensions with their dot, such as `.jpg`. HEIC is among them only where libvips has
 * a decoder for it; the prebuilt one reads AVIF alone.
 */
export const supportedExtensions: ReadonlySet<string> = new Set(
  formats
    .flatMap((format) => sharp.format[format].input.fileSuffix ?? [])
    .filter((suffix) => suffix.lastIndexOf('.') === 0),
)
