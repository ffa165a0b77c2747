/** An encoder with low-rank adapters beside the layers of its blocks, and a linear one after it. */
import { addLinearAdapter } from '../../../clip/builder/adapters/addLinearAdapter.js'
import { mergeLinear } from '../../../clip/builder/adapters/mergeLinear.js'
import {
  addLowRankAdapters,
  type LowRankOptions,
} from '../../../clip/builder/lowRank/lowRankAdapters.js'
import { mergeLowRank } from '../../../clip/builder/lowRank/mergeLowRank.js'
import { type TunableGraph, widthOf } from '../tunableGraphs.js'
import { layerRates } from './layerRates.js'
import type { TunedTower } from './tunedTower.js'

// [Note: low rank inside, full rank at the end]
// A linear layer after each encoder, which starts as the identity, is all that `quick` trains. In
// small encoders attentions hold too little to make up for it ("npm run bench methods"), so `deep`
// trains it too, at about the rate that `quick` takes; it disappears in the last weight when merged.

/** The rate of the layer at the end over that of the low-rank adapters. */
const endRate = 5

/** @throws AppError MODEL_INVALID naming `path` if no attention is found */
export function deepTower(
  tunable: TunableGraph,
  { layerDecay = 1, ...options }: LowRankOptions & { readonly layerDecay?: number },
  path: string,
): TunedTower {
  const { graph, output } = tunable
  const { graph: adapted, adapters } = addLowRankAdapters(graph, options, path)
  const end = addLinearAdapter(adapted, output, widthOf(tunable))
  const ends = Object.values(end.names)
  const adaptedWeights = adapters.map(({ matrix }) => matrix.weight)
  const rates = layerRates(tunable, adaptedWeights, layerDecay, path)
  return {
    graph: end.graph,
    output,
    trainable: [...adapters.flatMap(({ down, up }) => [down, up]), ...ends],
    noDecay: new Set([end.names.bias]),
    rates: new Map([
      ...adapters.flatMap(({ matrix, down, up }) => {
        const rate = rates.get(matrix.weight) ?? 1
        return [down, up].map((name) => [name, rate] as const)
      }),
      ...ends.map((name) => [name, endRate] as const),
    ]),
    // The change is A B: a share of B is that share of it.
    blended: new Set([...adapters.map(({ up }) => up), ...ends]),
    merge(weights) {
      const merged = mergeLowRank(graph, adapters, weights)
      const [residual, bias] = [end.names.residual, end.names.bias].map((name) => weights.get(name))
      return residual && bias ? mergeLinear(merged, output, { residual, bias }) : merged
    },
  }
}
