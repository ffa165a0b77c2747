/** A small untrained model, written as training writes them. */
import { architectureSchema } from '../../main/ml/clip/architecture.js'
import { buildTowers } from '../../main/ml/clip/builder/buildTowers.js'
import { describeConfig } from '../../main/ml/clip/modelDirectory/describeConfig.js'
import {
  describeCompanions,
  type ModelParts,
  writeModelDirectory,
} from '../../main/ml/clip/modelDirectory/writeModelDirectory.js'
import type { ModelDirectory } from '../../main/ml/clip/modelDirectory.js'
import { describePreprocessing } from '../../main/ml/clip/preprocessConfig.js'
import { createTokenizer } from '../../main/ml/clip/tokenizer/Tokenizer.js'
import { trainTokenizer } from '../../main/ml/clip/tokenizer/trainTokenizer.js'

const captions = ['a red apple', 'a green apple on a table', 'boats on the water', 'a white cat']

/** The parts of a model with 32-pixel pictures. */
export function smallModelParts(seed = 1, embeddingDim = 24): ModelParts {
  const contextLength = 16
  const tokenizer = trainTokenizer(captions, { vocabSize: 560, contextLength })
  const { vocabSize } = createTokenizer(tokenizer)
  const architecture = architectureSchema.parse({
    image: {
      kind: 'vit',
      imageSize: 32,
      patchSize: 8,
      stages: [
        { width: 32, layers: 1, heads: 2 },
        { width: 48, layers: 1, heads: 2 },
      ],
    },
    text: { vocabSize, contextLength, width: 40, layers: 1, heads: 2 },
    embeddingDim,
  })
  const towers = buildTowers(architecture, { seed })
  const dims = { embeddingDim, imageSize: 32, contextLength }
  const logitScale = towers.logitScaleInit
  return {
    vision: towers.image.graph,
    text: towers.text.graph,
    companions: describeCompanions({
      config: describeConfig({ ...dims, imageWidth: 48, textWidth: 40, vocabSize, logitScale }),
      preprocessing: describePreprocessing({
        imageSize: 32,
        resize: 'crop',
        background: [255, 255, 255],
      }),
      tokenizer,
    }),
    card: {
      ...dims,
      name: 'small',
      parent: null,
      createdAt: '2026-01-02T03:04:05.000Z',
      imagePooledDim: 48,
      textPooledDim: 40,
      licence: 'MIT',
      architecture,
      method: 'scratch',
      logitScale,
      trainingReport: null,
    },
  }
}

export function writeSmallModel(
  folder: string,
  seed = 1,
  embeddingDim = 24,
): Promise<ModelDirectory> {
  return writeModelDirectory(folder, smallModelParts(seed, embeddingDim))
}
