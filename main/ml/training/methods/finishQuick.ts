/** Chooses how much of the trained adapters to take, and merges them into a copy of the model. */
import type { RetrievalReport } from '../../../../shared/domain/training.js'
import { type Adapter, mergeAdapter } from '../../clip/builder/mergeAdapter.js'
import {
  type ModelParts,
  readCompanions,
  writeModelDirectory,
} from '../../clip/modelDirectory/writeModelDirectory.js'
import type { ModelDirectory } from '../../clip/modelDirectory.js'
import { evaluatePairs, type PairEmbedder } from '../evaluatePairs.js'
import { type Adapters, adaptedEmbedder, readAdapters, type Weights } from './adaptedEmbedder.js'
import type { FinishedTraining, MethodContext, TrainingReport } from './method.js'
import type { TunableGraph, TunableGraphs } from './tunableGraphs.js'

type Side = 'image' | 'text'

export interface QuickParts {
  readonly context: MethodContext
  readonly model: ModelDirectory
  readonly graphs: TunableGraphs
  /** What embeddings were divided by for training. */
  readonly scales: Readonly<Record<Side, number>>
  /** The unchanged model on the pairs to choose by, and on those to measure on. */
  readonly validation: PairEmbedder
  readonly heldOut: PairEmbedder
}

/** Shares of the adapters' change to try; 0 is the model as it was. */
const blends = [0, 0.25, 0.5, 0.75, 1] as const

/** @param weights the trained ones, or the best of them */
export async function finishQuick(weights: Weights, parts: QuickParts): Promise<FinishedTraining> {
  const adapters = readAdapters(weights, parts.scales)
  const blend = await chooseBlend(adapters, parts)
  const { context, heldOut } = parts
  if (blend === 0) {
    const message =
      'On pictures kept out of training no change was better than the model as it was: it is kept.'
    context.onEvent({ type: 'notice', message })
  }
  const adapted = adaptedEmbedder(heldOut, adapters)(blend)
  const { report } = await evaluatePairs(context.pairs.heldOut, adapted, context.signal)
  return {
    heldOut: report,
    facts: { blend },
    async write(folder, trainingReport) {
      const model = await describeModel(weights, blend, adapters, parts, trainingReport)
      return (await writeModelDirectory(folder, model)).id
    },
  }
}

/** Tries the blends on the validation pairs; without any, everything learned is taken. */
async function chooseBlend(
  adapters: Adapters,
  { context, validation }: QuickParts,
): Promise<number> {
  const adapted = adaptedEmbedder(validation, adapters)
  let best = { blend: 1, score: Number.NEGATIVE_INFINITY }
  for (const blend of blends) {
    const { report } = await evaluatePairs(context.pairs.validation, adapted(blend), context.signal)
    // Of equals the smaller change wins: it is tried first.
    if (report !== null && score(report) > best.score) best = { blend, score: score(report) }
  }
  return best.blend
}

/** Mean reciprocal rank of both directions: steadier than recall where pairs are few. */
export function score({ textToImage, imageToText }: RetrievalReport): number {
  return textToImage.mrr + imageToText.mrr
}

async function describeModel(
  weights: Weights,
  blend: number,
  adapters: Adapters,
  { context, model, graphs }: QuickParts,
  trainingReport: TrainingReport,
): Promise<ModelParts> {
  const { embeddingDim, imagePooledDim, textPooledDim, contextLength, manifest } = model
  return {
    vision: mergeBlended(graphs.image, adapters.image, blend),
    text: mergeBlended(graphs.text, adapters.text, blend),
    companions: await readCompanions(model),
    card: {
      name: context.run.name,
      parent: model.id,
      createdAt: new Date().toISOString(),
      embeddingDim,
      imagePooledDim,
      textPooledDim,
      imageSize: model.preprocess.width,
      contextLength,
      logitScale: blend === 0 ? model.logitScale : weights.get('logit_scale')![0]!,
      licence: manifest?.licence ?? null,
      architecture: manifest?.architecture ?? null,
      method: 'quick',
      trainingReport,
    },
  }
}

function mergeBlended({ graph, output }: TunableGraph, adapter: Adapter, blend: number) {
  if (blend === 0) return graph
  return mergeAdapter(graph, output, {
    residual: adapter.residual.map((value) => value * blend),
    bias: adapter.bias.map((value) => value * blend),
  })
}
