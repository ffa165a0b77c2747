/**
 * Decodes pictures in a thread of its own. The decoder has threads anyway; what it is given and gives,
 * megabytes for each picture, would be garbage that the calling thread stands still to collect.
 */
import { resolveEntry } from '../entries.js'
import { startWorker, type WorkerThread } from '../workerCalls.js'
import type { DecodeOptions, RgbImage } from './decodeImage.js'
import type { ThumbnailSize } from './drawThumbnail.js'

/** What the thread serves. */
export type ImageCalls = {
  decode(argument: { path: string; options: DecodeOptions }): Promise<RgbImage>
  drawThumbnail(argument: { path: string; size: ThumbnailSize }): Promise<Uint8Array>
}

export interface ImageThread {
  /** `decodeImage` of a file, in the thread. */
  decode(path: string, options: DecodeOptions): Promise<RgbImage>
  /** `drawThumbnail` of a file, in the thread. */
  drawThumbnail(path: string, size: ThumbnailSize): Promise<Uint8Array>
  /** Rejects what is not done yet. */
  dispose(): Promise<void>
}

/** The thread starts with the first picture. */
export function createImageThread(): ImageThread {
  const entry = resolveEntry(import.meta.url, './imageWorker.js')
  let thread: WorkerThread<ImageCalls> | null = null
  const started = () => {
    thread ??= startWorker<ImageCalls>('picture', entry)
    return thread
  }
  return {
    decode: (path, options) => started().call('decode', { path, options }),
    drawThumbnail: (path, size) => started().call('drawThumbnail', { path, size }),
    dispose: async () => thread?.dispose(),
  }
}
