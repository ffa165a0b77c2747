/** How long the image encoder of a model takes for one photo on this machine. */
import type { EncoderOptions, ImageEncoder } from '../ml/clip/encoders.js'
import { openImageEncoder } from '../ml/clip/encoders.js'
import type { ModelDirectory } from '../ml/clip/modelDirectory.js'

/** Seconds for a photo in a batch; measured when first asked for, then known. */
export type EncoderPace = (
  model: ModelDirectory,
  options: Pick<EncoderOptions, 'device' | 'threads'>,
) => Promise<number>

const batchSize = 8
/** The first run of a session also plans its memory. */
const runs = 3

/** In full precision, in which models are trained, and in a thread of its own, which is then gone. */
export function createEncoderPace(): EncoderPace {
  const known = new Map<string, Promise<number>>()
  return (model, options) => {
    const key = JSON.stringify([model.id, options])
    const measured = known.get(key) ?? measure(model, options)
    known.set(key, measured)
    measured.catch(() => known.delete(key))
    return measured
  }
}

async function measure(
  model: ModelDirectory,
  options: Pick<EncoderOptions, 'device' | 'threads'>,
): Promise<number> {
  const encoder = await openImageEncoder(model, options)
  try {
    const times: number[] = []
    for (let run = 0; run < runs; run++) times.push(await timeBatch(encoder))
    return Math.min(...times) / 1000 / batchSize
  } finally {
    await encoder.dispose()
  }
}

async function timeBatch(encoder: ImageEncoder): Promise<number> {
  const { width, height } = encoder.preprocess
  const pixels = new Float32Array(batchSize * 3 * width * height)
  const startedAt = performance.now()
  await encoder.encode(pixels, batchSize)
  return performance.now() - startedAt
}
