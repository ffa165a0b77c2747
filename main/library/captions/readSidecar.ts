/** Reads the text file beside a picture: each line that is not empty is a caption. */
import { extname } from 'node:path'
import { systemErrorCode, toFileError } from '../../platform/fileErrors.js'
import { openPlainFile } from '../../platform/openPlainFile.js'
import { invalidLine, tidy } from './captionRecord.js'

/** A text of more bytes is no caption. */
const maxSizeBytes = 256 * 1024

/**
 * Captions from `cat.txt` or `cat.jpg.txt` beside `cat.jpg`; none if there is no such file.
 *
 * @throws CAPTION_FILE_INVALID, FILE_UNREADABLE
 */
export async function readSidecar(imagePath: string): Promise<string[]> {
  const stem = imagePath.slice(0, imagePath.length - extname(imagePath).length)
  for (const path of [`${stem}.txt`, `${imagePath}.txt`]) {
    const text = await readText(path)
    if (text !== null) return tidy(text.split(/\r\n|\r|\n/))
  }
  return []
}

async function readText(path: string): Promise<string | null> {
  try {
    const file = await openPlainFile(path)
    if (!file) return null
    try {
      const { size } = await file.stat()
      if (size > maxSizeBytes) throw invalidLine({ path, line: 1 }, 'too long for captions')
      return decodeText(await file.readFile(), path)
    } finally {
      await file.close()
    }
  } catch (error) {
    // A picture's name may just fit, and be too long with the ending of a text.
    if (['ENOENT', 'ENAMETOOLONG'].includes(systemErrorCode(error) ?? '')) return null
    throw toFileError(error, path)
  }
}

function decodeText(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    const lines = new TextDecoder().decode(bytes).split(/\r\n|\r|\n/)
    const line = lines.findIndex((text) => text.includes('\u{fffd}')) + 1
    throw invalidLine({ path, line }, 'it is not valid UTF-8; save the file as UTF-8', error)
  }
}
