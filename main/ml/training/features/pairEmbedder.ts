/** A saved model's two encoders as one embedder of pairs. */
import { type EncoderOptions, openImageEncoder, openTextEncoder } from '../../clip/encoders.js'
import type { ModelDirectory } from '../../clip/modelDirectory.js'
import type { PairEmbedder } from '../evaluatePairs.js'
import { embedPictures } from './embedPictures.js'

export interface PairEmbedderOptions extends EncoderOptions {
  readonly signal: AbortSignal
  /** Pictures embedded so far. */
  readonly onProgress?: (done: number, total: number) => void
}

/** A `PairEmbedder` that has threads of its own until it is disposed of. */
export interface OpenPairEmbedder extends PairEmbedder {
  dispose(): Promise<void>
}

export async function openPairEmbedder(
  model: ModelDirectory,
  options: PairEmbedderOptions,
): Promise<OpenPairEmbedder> {
  const { signal, onProgress } = options
  const image = await openImageEncoder(model, options)
  const text = await openTextEncoder(model, options).catch(async (error: unknown) => {
    await image.dispose()
    throw error
  })
  return {
    images: (paths) =>
      embedPictures({
        paths,
        config: model.preprocess,
        encode: async (pixels, count) => (await image.encode(pixels, count)).embeddings,
        signal,
        ...(onProgress ? { onProgress } : {}),
      }),
    async texts(texts) {
      signal.throwIfAborted()
      return { dim: text.dim, data: await text.encode(texts), skipped: [] }
    },
    async dispose() {
      await image.dispose()
      await text.dispose()
    },
  }
}
