/** Chooses how much of the change of tuned encoders to take, and merges it into a copy of the model. */
import type { RetrievalReport } from '../../../../../shared/domain/training.js'
import type { Towers } from '../../../clip/builder/buildTowers.js'
import { isQuantized, type ModelDirectory } from '../../../clip/modelDirectory.js'
import { readEncoderGraph } from '../../../clip/readEncoderGraph.js'
import type { Tokenizer } from '../../../clip/tokenizer/Tokenizer.js'
import type { Graph } from '../../../onnx/graph.js'
import { quantizeWeights } from '../../../quantization/quantizeWeights.js'
import { evaluatePairs, type PairEmbedder } from '../../evaluatePairs.js'
import type { QuantizedTowers } from '../../precision/judgeInt8.js'
import type { Weights } from '../adaptedEmbedder.js'
import { chooseBlend } from '../blends.js'
import type { FinishedTraining, MethodContext } from '../method.js'
import { trainedScalars } from '../trainedWeights.js'
import { writeTunedModel } from '../tunedModel.js'
import { graphEmbedder } from './graphEmbedder.js'
import type { TunedTower } from './tunedTower.js'

type Side = 'image' | 'text'

export type TunedTowers = Readonly<Record<Side, TunedTower>>

export interface TunedParts {
  readonly context: MethodContext
  readonly model: ModelDirectory
  readonly tuned: TunedTowers
  readonly towers: Towers
  readonly tokenizer: Tokenizer
  readonly before: RetrievalReport | null
  /** The trained ones, or the best of them. */
  readonly weights: Weights
  /** The encoders with other weights, on the validation pairs. */
  readonly validation: (weights: Weights) => PairEmbedder
}

/** Taken where there are no pairs to choose by: what WiSE-FT advises then (section 4). */
const unchosenBlend = 0.5

export async function finishTuned(parts: TunedParts): Promise<FinishedTraining> {
  const { context, model, tuned, towers, tokenizer, before, weights, validation } = parts
  const { spec } = context.run
  const blended = (blend: number) => blendWeights(weights, tuned, blend)
  const chosen = await chooseBlend(context, (blend) => validation(blended(blend)), unchosenBlend)
  const { blend } = chosen
  const changed = blended(blend)
  const graphs = { image: merge(tuned, 'image', changed), text: merge(tuned, 'text', changed) }
  const quantized = spec.tower === 'text' ? await quantizedOf(model, graphs.text.graph) : {}
  return {
    heldOut: blend === 0 ? before : await measure(graphs, parts, tokenizer),
    chosen,
    write: (folder, trainingReport, end) =>
      writeTunedModel(
        folder,
        {
          context,
          parent: model,
          vision: graphs.image.graph,
          text: graphs.text.graph,
          scalars: blend === 0 ? null : trainedScalars(weights, spec.loss, towers),
          method: spec.method,
          ...quantized,
        },
        trainingReport,
        end,
      ),
  }
}

/**
 * The encoder of pictures that is not trained stays the parent's own in 8 bits too, or in full precision
 * as well: then photos that the parent has seen need not be looked at again.
 */
async function quantizedOf(
  model: ModelDirectory,
  text: Graph,
): Promise<{ readonly quantized: QuantizedTowers | null }> {
  if (!isQuantized(model)) return { quantized: null }
  const vision = await readEncoderGraph(model.searchPaths.vision, model)
  return { quantized: { vision, text: quantizeWeights(text) } }
}

/** W = W0 + blend (W - W0) for what a blend takes a share of, W0 being what it began from. */
function blendWeights(weights: Weights, tuned: TunedTowers, blend: number): Weights {
  const changed = new Map(weights)
  for (const side of ['image', 'text'] as const) {
    const { graph, blended } = tuned[side]
    for (const name of blended) {
      const key = `${side}/${name}`
      const values = weights.get(key)!
      const start = graph.initializers.get(name)!.data as Float32Array
      changed.set(
        key,
        values.map((value, i) => start[i]! + blend * (value - start[i]!)),
      )
    }
  }
  return changed
}

/** An encoder as it is saved. */
function merge(tuned: TunedTowers, side: Side, weights: Weights) {
  const tower = tuned[side]
  const own = tower.trainable.map((name) => [name, weights.get(`${side}/${name}`)!] as const)
  return { graph: tower.merge(new Map(own)), output: tower.output }
}

/** Retrieval by the encoders as they are saved, from the pictures themselves. */
async function measure(
  graphs: Parameters<typeof graphEmbedder>[0],
  { context, model }: TunedParts,
  tokenizer: Tokenizer,
): Promise<RetrievalReport | null> {
  const { pairs, signal } = context
  const embedder = graphEmbedder(graphs, { model, tokenizer, context })
  return (await evaluatePairs(pairs.heldOut, embedder, signal)).report
}
