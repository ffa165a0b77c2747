/** Writes the starter's encoders as a model directory with weights in half precision. */
import { cp, mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Architecture } from '../../../main/ml/clip/architecture.js'
import { describeConfig } from '../../../main/ml/clip/modelDirectory/describeConfig.js'
import {
  describeCompanions,
  writeModelDirectory,
} from '../../../main/ml/clip/modelDirectory/writeModelDirectory.js'
import { describePreprocessing } from '../../../main/ml/clip/preprocessConfig.js'
import { storeWeightsAsFloat16 } from '../../../main/ml/onnx/float16Weights.js'
import type { Graph } from '../../../main/ml/onnx/graph.js'
import { quantizeTables } from '../../../main/ml/quantization/quantizeWeights.js'
import { backbonePath } from '../backbone/backbonePaths.js'
import { imageSize } from '../backbone/buildBackbone.js'
import { starterObjects } from '../backbone/objectClasses.js'
import { readTfjsModel } from '../backbone/readTfjsModel.js'
import { featureLimit } from '../features/featureStore.js'
import type { FeatureStatistics } from '../features/statistics.js'
import { contextLength, type Vocabulary } from '../training/vocabulary.js'
import { assembleVision } from './assembleVision.js'

export interface StarterParts {
  /** `features` -> `image_embeds`, `pooler_output` */
  readonly head: Graph
  /** `input_ids`, `attention_mask` -> `text_embeds`, `pooler_output` */
  readonly text: Graph
  /** Theta: logits are cosines times exp(theta). */
  readonly logitScale: number
  /** Of each member. */
  readonly architecture: Architecture
  readonly vocabulary: Vocabulary
  readonly statistics: FeatureStatistics
  readonly trainingReport: Record<string, unknown>
}

/** Pixel values are plain levels from 0 to 1: the backbone scales them itself. */
const plainLevels = { image_mean: [0, 0, 0], image_std: [1, 1, 1] }

const licence = 'Trained on material under several licences, not all of them free: see README.md'

/** Replaces the model in `folder`, written whole in `workFolder` first. README.md stays. */
export async function writeStarter(
  folder: string,
  workFolder: string,
  { head, text, logitScale, architecture, vocabulary, statistics, trainingReport }: StarterParts,
): Promise<string> {
  const { embeddingDim } = architecture
  const scale = { ...statistics, limit: featureLimit }
  const vision = assembleVision(await readTfjsModel(backbonePath), scale, head)
  const facts = { embeddingDim, imageSize, contextLength, logitScale }
  // What is tuned are the members' joint features.
  const widths = { imageWidth: embeddingDim, textWidth: embeddingDim }
  const vocabSize = vocabulary.tokenizer.vocabSize
  const preprocessing = describePreprocessing({
    imageSize,
    resize: 'stretch',
    background: [255, 255, 255],
  })
  const fresh = join(workFolder, 'starter')
  await rm(fresh, { recursive: true, force: true })
  const { id } = await writeModelDirectory(fresh, {
    vision: storeWeightsAsFloat16(vision),
    text: storeWeightsAsFloat16(quantizeTables(text)),
    companions: describeCompanions({
      config: describeConfig({ ...facts, ...widths, vocabSize }),
      preprocessing: { ...preprocessing, ...plainLevels },
      tokenizer: vocabulary.files,
    }),
    card: {
      ...facts,
      name: 'semblance-starter',
      parent: null,
      createdAt: new Date().toISOString(),
      imagePooledDim: widths.imageWidth,
      textPooledDim: widths.textWidth,
      licence,
      architecture,
      objects: starterObjects,
      method: 'starter',
      trainingReport: JSON.parse(JSON.stringify(trainingReport)),
    },
  })
  await replaceModel(fresh, folder)
  return id
}

/** Puts the model in `from` in the place of that in `to`, where README.md stays. */
export async function replaceModel(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true })
  for (const name of await readdir(to)) {
    if (name !== 'README.md') await rm(join(to, name), { recursive: true })
  }
  await cp(from, to, { recursive: true })
}
