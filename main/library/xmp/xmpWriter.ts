/**
 * Writes words as XMP into a file of its own beside the photo (`<photo>.xmp`), as raw developers and
 * photo managers do. The photo's own bytes are never touched: they are what the library knows it by.
 */
import { existsSync } from 'node:fs'
import { copyFile, rename, rm } from 'node:fs/promises'
import type { ExifTool } from 'exiftool-vendored'
import { AppError } from '../../../shared/errors.js'
import { toFileError } from '../../platform/fileErrors.js'

export interface XmpWords {
  readonly captions: readonly string[]
  readonly tags: readonly string[]
}

export interface XmpWriter {
  /** @throws AppError FILE_UNREADABLE, DISK_FULL; the sidecar is then as it was */
  write(photoPath: string, words: XmpWords): Promise<void>
  dispose(): Promise<void>
}

export async function openXmpWriter(): Promise<XmpWriter> {
  // Loaded by the job that needs it: an app that starts does not.
  const { ExifTool } = await import('exiftool-vendored')
  const exiftool = new ExifTool({ maxProcs: 1 })
  return {
    async write(photoPath, { captions, tags }) {
      const path = `${photoPath}.xmp`
      const scratch = `${photoPath}.semblance.xmp`
      try {
        await rm(scratch, { force: true })
        // What other programs keep in it stays.
        if (existsSync(path)) await copyFile(path, scratch)
        const words = { 'XMP-dc:Description': captions.join('\n'), 'XMP-dc:Subject': [...tags] }
        await exiftool.write(scratch, words as Parameters<ExifTool['write']>[1], {
          writeArgs: ['-overwrite_original'],
        })
        await rename(scratch, path)
      } catch (error) {
        await rm(scratch, { force: true }).catch(() => {})
        throw asAppError(error, path)
      }
    },
    dispose: () => exiftool.end(),
  }
}

function asAppError(error: unknown, path: string): unknown {
  const known = toFileError(error, path)
  if (known instanceof AppError) return known
  const reason = error instanceof Error ? error.message : String(error)
  return new AppError('FILE_UNREADABLE', { path, reason }, { cause: error })
}
