/** Makes a model of encoders that were trained from nothing. */
import type { PictureReport } from '../../../../shared/domain/training.js'
import type { Architecture, VitArchitecture } from '../../clip/architecture.js'
import type { Towers } from '../../clip/builder/buildTowers.js'
import { describeConfig } from '../../clip/modelDirectory/describeConfig.js'
import {
  describeCompanions,
  type ModelParts,
} from '../../clip/modelDirectory/writeModelDirectory.js'
import { parsePreprocessConfig } from '../../clip/preprocessConfig.js'
import type { Tokenizer } from '../../clip/tokenizer/Tokenizer.js'
import type { TokenizerFiles } from '../../clip/tokenizer/tokenizerFiles.js'
import { evaluatePairs, type PairEmbedder } from '../evaluatePairs.js'
import { evaluateViews, readViewedPictures } from '../evaluateViews.js'
import { embedPictures } from '../features/embedPictures.js'
import { embedTexts } from '../features/embedTexts.js'
import { writeTrainedModel } from '../precision/writeTrainedModel.js'
import type { ContrastiveStep } from '../step/contrastiveStep.js'
import type { FinishedTraining, MethodContext, TrainingReport } from './method.js'
import { trainedGraph, trainedScalars } from './trainedWeights.js'
import { pictureEncoder } from './viewWatch.js'

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
  const { learnFrom } = run.spec
  const words = learnFrom.kind === 'pictures' ? [] : pairs.heldOut
  const { report } = await evaluatePairs(words, stepEmbedder(step, parts), signal)
  // The step may be gone by the time of writing.
  const describe = describeModel(step, parts)
  return {
    heldOut: report,
    pictures: learnFrom.kind === 'captions' ? null : await measureViews(step, parts),
    chosen: null,
    write: (folder, trainingReport, end) =>
      writeTrainedModel(folder, describe(trainingReport), { context: parts.context, ...end }),
  }
}

async function measureViews(
  step: ContrastiveStep,
  { context, preprocessing }: ScratchParts,
): Promise<PictureReport | null> {
  const { pairs, signal } = context
  const config = parsePreprocessConfig(preprocessing, 'preprocessor_config.json')
  const viewed = await readViewedPictures(pairs.heldOut, config, signal)
  return evaluateViews(viewed, pictureEncoder(step, config), signal)
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
        encode: pictureEncoder(step, config),
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
  { context, towers, architecture, tokenizer, tokenizerFiles, preprocessing }: ScratchParts,
): (trainingReport: TrainingReport) => ModelParts {
  const { image, text, embeddingDim } = architecture
  const facts = {
    embeddingDim,
    imageSize: image.imageSize,
    contextLength: text.contextLength,
    ...trainedScalars(step.emaParameters, context.run.spec.loss, towers),
  }
  const widths = { imageWidth: image.stages.at(-1)!.width, textWidth: text.width }
  const config = describeConfig({ ...facts, ...widths, vocabSize: tokenizer.vocabSize })
  const vision = trainedGraph(step, 'image', towers.image)
  const trainedText = trainedGraph(step, 'text', towers.text)
  return (trainingReport) => ({
    vision,
    text: trainedText,
    companions: describeCompanions({ config, preprocessing, tokenizer: tokenizerFiles }),
    card: {
      ...facts,
      name: context.run.name,
      parent: null,
      createdAt: new Date().toISOString(),
      imagePooledDim: widths.imageWidth,
      textPooledDim: widths.textWidth,
      licence: null,
      architecture,
      method: 'scratch',
      trainingReport,
    },
  })
}
