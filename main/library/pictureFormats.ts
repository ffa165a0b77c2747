/** Which files of a folder are pictures, by their names. */
import { extname } from 'node:path'

/** @param extensions as of `supportedExtensions` */
export function isPictureName(name: string, extensions: ReadonlySet<string>): boolean {
  return !name.startsWith('.') && extensions.has(extname(name).toLowerCase())
}

const formatOfExtension: Readonly<Record<string, string>> = {
  jpg: 'jpeg',
  jpe: 'jpeg',
  jfif: 'jpeg',
  tif: 'tiff',
  svgz: 'svg',
}

/** The format that a picture's name claims, such as `jpeg`. */
export function claimedFormat(name: string): string {
  const extension = extname(name).slice(1).toLowerCase()
  return formatOfExtension[extension] ?? extension
}
