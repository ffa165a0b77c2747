/** Threads that make the pixel values of training batches while the main thread trains. */
import { resolveEntry } from '../../../platform/entries.js'
import { startWorker } from '../../../platform/workerCalls.js'
import type { PixelRequest, PixelWorkerCalls, PixelWorkerData } from './pixelWorker.js'

export interface PixelPool {
  /** Pixel values `[pictures, 3, size, size]`, the work split between the threads. */
  render(request: PixelRequest): Promise<Float32Array>
  dispose(): Promise<void>
}

/** Starts `threads` threads. */
export function startPixelPool(data: PixelWorkerData, threads: number): PixelPool {
  const entry = resolveEntry(import.meta.url, './pixelWorker.js')
  const workers = Array.from({ length: threads }, (_, i) =>
    startWorker<PixelWorkerCalls>(`pixels ${i + 1}`, entry, data),
  )
  return {
    async render({ epoch, pictures, views }) {
      const share = Math.ceil(pictures.length / workers.length)
      const parts = await Promise.all(
        workers.map((worker, i) => {
          const [start, end] = [i * share, (i + 1) * share]
          return worker.call('render', {
            epoch,
            pictures: pictures.slice(start, end),
            ...(views ? { views: views.slice(start, end) } : {}),
          })
        }),
      )
      return parts.length === 1 ? parts[0]! : joinArrays(parts)
    },
    async dispose() {
      await Promise.all(workers.map((worker) => worker.dispose()))
    },
  }
}

function joinArrays(parts: readonly Float32Array[]): Float32Array {
  const joined = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    joined.set(part, at)
    at += part.length
  }
  return joined
}
