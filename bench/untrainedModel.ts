/** A model directory with the encoders of an architecture, untrained: speed needs no training. */
import type { Architecture } from '../main/ml/clip/architecture.js'
import { loadArchitecture } from '../main/ml/clip/architectures.js'
import { buildTowers } from '../main/ml/clip/builder/buildTowers.js'
import { describeConfig } from '../main/ml/clip/modelDirectory/describeConfig.js'
import {
  describeCompanions,
  writeModelDirectory,
} from '../main/ml/clip/modelDirectory/writeModelDirectory.js'
import { describePreprocessing } from '../main/ml/clip/preprocessConfig.js'
import { createTokenizer } from '../main/ml/clip/tokenizer/Tokenizer.js'
import { trainTokenizer } from '../main/ml/clip/tokenizer/trainTokenizer.js'

/** @param textOf the architecture whose text encoder it has; a tiny one where nothing reads texts */
export async function writeUntrainedModel(
  folder: string,
  name: string,
  textOf = 'tiny',
): Promise<void> {
  const { image, ...rest } = await loadArchitecture(name)
  if (image.kind !== 'vit') throw new RangeError(`${name} does not read pictures`)
  const { text } = await loadArchitecture(textOf)
  const tokenizer = trainTokenizer(['a photograph'], text)
  const { vocabSize } = createTokenizer(tokenizer)
  const architecture: Architecture = { ...rest, image, text: { ...text, vocabSize } }
  const towers = buildTowers(architecture, { seed: 1 })
  const facts = {
    embeddingDim: architecture.embeddingDim,
    imageSize: image.imageSize,
    contextLength: text.contextLength,
    logitScale: architecture.logitScaleInit,
  }
  const widths = { imageWidth: image.stages.at(-1)!.width, textWidth: text.width }
  await writeModelDirectory(folder, {
    vision: towers.image.graph,
    text: towers.text.graph,
    companions: describeCompanions({
      config: describeConfig({ ...facts, ...widths, vocabSize }),
      preprocessing: describePreprocessing({
        imageSize: image.imageSize,
        resize: 'crop',
        background: [255, 255, 255],
      }),
      tokenizer,
    }),
    card: {
      ...facts,
      name,
      parent: null,
      createdAt: new Date().toISOString(),
      imagePooledDim: widths.imageWidth,
      textPooledDim: widths.textWidth,
      licence: null,
      architecture,
      method: 'scratch',
      trainingReport: null,
    },
  })
}
