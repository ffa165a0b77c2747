/** Embeds with towers that are being trained, from stored features. */
import type { Tokenizer } from '../../../main/ml/clip/tokenizer/Tokenizer.js'
import { embedTexts } from '../../../main/ml/training/features/embedTexts.js'
import type { ContrastiveStep } from '../../../main/ml/training/step/contrastiveStep.js'
import { featureChannels } from '../backbone/buildBackbone.js'
import { mergedCells, mergedLength } from '../backbone/mergeCells.js'
import type { FeatureReader } from '../features/featureStore.js'
import { contextLength } from '../training/vocabulary.js'
import type { Embedders } from './heldOutFigures.js'

const batchPictures = 64

/** The averaged weights of `step`, on the plain view of each picture. */
export function stepEmbedders(
  step: ContrastiveStep,
  features: FeatureReader,
  tokenizer: Tokenizer,
  dim: number,
): Embedders {
  return {
    dim,
    async pictures(numbers) {
      const rows = new Float32Array(numbers.length * dim)
      for (let start = 0; start < numbers.length; start += batchPictures) {
        const part = numbers.slice(start, start + batchPictures)
        const data = new Float32Array(part.length * mergedLength)
        part.forEach((number, i) => {
          features.read(number, 0, data, i * mergedLength)
        })
        const dims = [part.length, mergedCells, featureChannels]
        const inputs = { features: { type: 'float32', dims, data } } as const
        rows.set((await step.embed('image', inputs, 'average')).data as Float32Array, start * dim)
      }
      return rows
    },
    async texts(texts) {
      const { data } = await embedTexts({
        texts,
        tokenizer,
        contextLength,
        padTo: 'longest',
        signal: new AbortController().signal,
        encode: async (inputs) =>
          (await step.embed('text', inputs, 'average')).data as Float32Array,
      })
      return data
    },
  }
}
