/** What can be said of a model of the catalogue before it is there. */
import type { CatalogueEntry } from '../../../shared/domain/catalogue.js'

const bytesPerWeight = 4
const companionBytes = 5e6
/** onnxruntime itself, and what a batch takes. */
const runtimeBytes = 250e6

/** Bytes to download: the files' where all are known, else by the number of weights. */
export function estimateSize({ files, parameters }: CatalogueEntry): {
  sizeBytes: number
  sizeIsKnown: boolean
} {
  const weights = files.filter(({ path }) => path.endsWith('.onnx'))
  const sizeIsKnown = weights.every(({ sizeBytes }) => sizeBytes !== null)
  if (!sizeIsKnown) {
    const count = (parameters.image + parameters.text) * 1e6
    return { sizeBytes: Math.round(count * bytesPerWeight + companionBytes), sizeIsKnown }
  }
  return { sizeBytes: files.reduce((sum, file) => sum + (file.sizeBytes ?? 0), 0), sizeIsKnown }
}

/** Both encoders at once, as while indexing. */
export function estimateMemory({ parameters }: CatalogueEntry): number {
  return (parameters.image + parameters.text) * 1e6 * bytesPerWeight + runtimeBytes
}

/**
 * Pictures a second on a machine that multiplies matrices at `gflops` GFLOP/s. Transformers come
 * near that rate (docs/benchmarks.md, train-step); convolutions stay behind.
 */
export function estimateSpeed({ imageGflop }: CatalogueEntry, gflops: number): number {
  return gflops / imageGflop
}
