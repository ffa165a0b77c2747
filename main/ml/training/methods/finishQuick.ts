/** Chooses how much of the trained adapters to take, and merges them into a copy of the model. */
import type { Head } from '../../../../shared/domain/training.js'
import type { Adapter } from '../../clip/builder/adapters/adapter.js'
import type { Towers } from '../../clip/builder/buildTowers.js'
import { isQuantized, type ModelDirectory } from '../../clip/modelDirectory.js'
import { readEncoderGraph } from '../../clip/readEncoderGraph.js'
import type { Graph } from '../../onnx/graph.js'
import { evaluatePairs, type PairEmbedder } from '../evaluatePairs.js'
import type { QuantizedTowers } from '../precision/judgeInt8.js'
import { adaptedEmbedder, readAdapters, type Weights } from './adaptedEmbedder.js'
import { chooseBlend } from './blends.js'
import type { FinishedTraining, MethodContext } from './method.js'
import { trainedScalars } from './trainedWeights.js'
import type { TunableGraph, TunableGraphs } from './tunableGraphs.js'
import { writeTunedModel } from './tunedModel.js'

type Side = 'image' | 'text'

export interface QuickParts {
  readonly context: MethodContext
  readonly model: ModelDirectory
  readonly graphs: TunableGraphs
  readonly towers: Towers
  readonly head: Head
  /** What embeddings were divided by for training. */
  readonly scales: Readonly<Record<Side, number>>
  /** The unchanged model on the pairs to choose by, and on those to measure on. */
  readonly validation: PairEmbedder
  readonly heldOut: PairEmbedder
}

/** @param weights the trained ones, or the best of them */
export async function finishQuick(weights: Weights, parts: QuickParts): Promise<FinishedTraining> {
  const adapters = readAdapters(weights, parts.head, parts.scales)
  const { context, heldOut, validation, graphs, model, towers } = parts
  const chosen = await chooseBlend(context, adaptedEmbedder(validation, adapters), 1)
  const { blend } = chosen
  const adapted = adaptedEmbedder(heldOut, adapters)(blend)
  const { report } = await evaluatePairs(context.pairs.heldOut, adapted, context.signal)
  const quantized = await quantizedOf(model, (side, graph) => {
    return mergeBlended({ graph, output: graphs[side].output }, adapters[side], blend)
  })
  return {
    heldOut: report,
    chosen,
    write: (folder, trainingReport, end) =>
      writeTunedModel(
        folder,
        {
          context,
          parent: model,
          vision: mergeBlended(graphs.image, adapters.image, blend),
          text: mergeBlended(graphs.text, adapters.text, blend),
          scalars: blend === 0 ? null : trainedScalars(weights, context.run.spec.loss, towers),
          method: 'quick',
          quantized,
        },
        trainingReport,
        end,
      ),
  }
}

/**
 * The parent's 8-bit encoders, adapted: up to there they stay its own, so that photos that it has seen
 * need not be looked at again. A parent in full precision is followed in that for the same reason.
 */
async function quantizedOf(
  model: ModelDirectory,
  adapt: (side: Side, graph: Graph) => Graph,
): Promise<QuantizedTowers | null> {
  if (!isQuantized(model)) return null
  const { vision, text } = model.searchPaths
  return {
    vision: adapt('image', await readEncoderGraph(vision, model)),
    text: adapt('text', await readEncoderGraph(text, model)),
  }
}

function mergeBlended({ graph, output }: TunableGraph, adapter: Adapter, blend: number) {
  return blend === 0 ? graph : adapter.merge(graph, output, blend)
}
