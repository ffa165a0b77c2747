/** Measures this machine in two seconds, for saying how fast a model will be before it is there. */
import { resolveEntry } from '../../platform/entries.js'
import { startWorker } from '../../platform/workerCalls.js'
import type { GemmPeakCalls } from './gemmPeakWorker.js'

const seconds = 2

/** The rate of matrix products in GFLOP/s, with as many threads as onnxruntime takes by itself. */
export async function measureMachine(): Promise<number> {
  const entry = resolveEntry(import.meta.url, './gemmPeakWorker.js')
  const worker = startWorker<GemmPeakCalls>('matrix products', entry, null)
  try {
    return await worker.call('measure', { threads: 0, seconds })
  } finally {
    await worker.dispose()
  }
}
