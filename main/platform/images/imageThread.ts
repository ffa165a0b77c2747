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
  /** Rejects what is not done yet, and what is asked for later. */
  dispose(): Promise<void>
}

/** The thread starts with the first picture. */
export function createImageThread(): ImageThread {
  const entry = resolveEntry(import.meta.url, './imageWorker.js')
  let thread: WorkerThread<ImageCalls> | null = null
  let disposed = false
  const started = () => {
    // A thread that starts now would keep the process alive.
    if (disposed) throw new Error('the picture thread was disposed of')
    thread ??= startWorker<ImageCalls>('picture', entry)
    return thread
  }
  return {
    decode: async (path, options) => started().call('decode', { path, options }),
    drawThumbnail: async (path, size) => started().call('drawThumbnail', { path, size }),
    dispose: async () => {
      disposed = true
      await thread?.dispose()
    },
  }
}
