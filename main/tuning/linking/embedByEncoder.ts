/** Embeds pictures of a folder by a model's image encoder, to find those that are nearly the same. */
import { openImageEncoder } from '../../ml/clip/encoders.js'
import type { ModelDirectory } from '../../ml/clip/modelDirectory.js'
import { embedPictures } from '../../ml/training/features/embedPictures.js'
import type { EmbedPictures } from './pictureEvidence.js'

/** The model is opened when pictures are embedded, which may never be. */
export function embedByEncoder(openModel: () => Promise<ModelDirectory>): EmbedPictures {
  return async (paths, { signal, onProgress }) => {
    const model = await openModel()
    const encoder = await openImageEncoder(model, {
      device: 'cpu',
      threads: 0,
      precision: 'search',
      background: true,
    })
    try {
      return await embedPictures({
        paths,
        config: model.preprocess,
        encode: async (pixels, count) => (await encoder.encode(pixels, count)).embeddings,
        signal,
        onProgress,
      })
    } finally {
      await encoder.dispose()
    }
  }
}
