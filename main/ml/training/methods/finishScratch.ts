/** Makes a model of encoders that were trained from nothing. */
import type { Architecture, VitArchitecture } from '../../clip/architecture.js'
import type { Towers } from '../../clip/builder/buildTowers.js'
import { describeConfig } from '../../clip/modelDirectory/describeConfig.js'
import {
  describeCompanions,
  type ModelParts,
  writeModelDirectory,
} from '../../clip/modelDirectory/writeModelDirectory.js'
import { parsePreprocessConfig } from '../../clip/preprocessConfig.js'
import type { Tokenizer } from '../../clip/tokenizer/Tokenizer.js'
import type { TokenizerFiles } from '../../clip/tokenizer/tokenizerFiles.js'
import type { Tensors } from '../../runtime/session.js'
import { evaluatePairs, type PairEmbedder } from '../evaluatePairs.js'
import { embedPictures } from '../features/embedPictures.js'
import { embedTexts } from '../features/embedTexts.js'
import type { ContrastiveStep } from '../step/contrastiveStep.js'
import type { FinishedTraining, MethodContext, TrainingReport } from './method.js'
import { trainedGraph, trainedLogitScale } from './trainedWeights.js'

export interface ScratchParts {
  readonly context: MethodContext
  readonly towers: Towers
  readonly architecture: Architecture & { readonly image: VitArchitecture }
  readonly tokenizer: Tokenizer
  readonly tokenizerFiles: TokenizerFiles
  readonly preprocessing: Readonly<Record<string, unknown>>
}

/** Evaluates the averaged weights on the held-out pairs and describes the model they make. */
export async function finishScratch(
  step: ContrastiveStep,
  parts: ScratchParts,
): Promise<FinishedTraining> {
  const { pairs, run, signal } = parts.context
  const { report } = await evaluatePairs(pairs.heldOut, stepEmbedder(step, parts), signal)
  return {
    heldOut: report,
    facts: {},
    async write(folder, trainingReport) {
      const model = describeModel(step, parts, run.name, trainingReport)
      return (await writeModelDirectory(folder, model)).id
    },
  }
}

/** The encoders as the step has them, on pictures as the saved model will read them. */
export function stepEmbedder(
  step: ContrastiveStep,
  { context, architecture, tokenizer, preprocessing }: ScratchParts,
): PairEmbedder {
  const { signal } = context
  const config = parsePreprocessConfig(preprocessing, 'preprocessor_config.json')
  const { contextLength } = architecture.text
  return {
    images: (paths) =>
      embedPictures({
        paths,
        config,
        signal,
        encode: async (data, count) => {
          const dims = [count, 3, config.height, config.width]
          const inputs: Tensors = { pixel_values: { type: 'float32', dims, data } }
          return (await step.embed('image', inputs, 'average')).data as Float32Array
        },
      }),
    texts: (texts) =>
      embedTexts({
        texts,
        tokenizer,
        contextLength,
        padTo: 'longest',
        signal,
        encode: async (inputs) =>
          (await step.embed('text', inputs, 'average')).data as Float32Array,
      }),
  }
}

function describeModel(
  step: ContrastiveStep,
  { towers, architecture, tokenizer, tokenizerFiles, preprocessing }: ScratchParts,
  name: string,
  trainingReport: TrainingReport,
): ModelParts {
  const { image, text, embeddingDim } = architecture
  const facts = {
    embeddingDim,
    imageSize: image.imageSize,
    contextLength: text.contextLength,
    logitScale: trainedLogitScale(step),
  }
  const widths = { imageWidth: image.stages.at(-1)!.width, textWidth: text.width }
  const config = describeConfig({ ...facts, ...widths, vocabSize: tokenizer.vocabSize })
  return {
    vision: trainedGraph(step, 'image', towers.image),
    text: trainedGraph(step, 'text', towers.text),
    companions: describeCompanions({ config, preprocessing, tokenizer: tokenizerFiles }),
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
      trainingReport,
    },
  }
}
