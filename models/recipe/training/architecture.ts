/** The shape of the starter: a head on frozen picture features, a text tower on frozen word vectors. */
import { type Architecture, architectureSchema } from '../../../main/ml/clip/architecture.js'
import { featureChannels } from '../backbone/buildBackbone.js'
import { mergedCells } from '../backbone/mergeCells.js'
import { contextLength } from './vocabulary.js'

/** @param tokenWidth length of a word vector */
export function starterArchitecture(vocabSize: number, tokenWidth: number): Architecture {
  return architectureSchema.parse({
    image: {
      kind: 'features',
      featureDim: [mergedCells, featureChannels],
      head: { kind: 'transformer', width: 256, layers: 1, heads: 4, mlpRatio: 2 },
    },
    text: {
      width: 256,
      layers: 2,
      heads: 4,
      mlpRatio: 2,
      vocabSize,
      contextLength,
      causal: false,
      pooling: 'mean',
      tokenWidth,
      tokenEmbedding: 'frozen',
    },
    block: { activation: 'relu' },
    projection: { kind: 'linear' },
    embeddingDim: 256,
    // The scale moves slowly, and trials ended above CLIP's 14.
    logitScaleInit: Math.log(20),
  })
}
