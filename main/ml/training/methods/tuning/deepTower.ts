/** An encoder with low-rank adapters beside the layers of its attentions. */
import {
  addLowRankAdapters,
  type LowRankOptions,
} from '../../../clip/builder/lowRank/lowRankAdapters.js'
import { mergeLowRank } from '../../../clip/builder/lowRank/mergeLowRank.js'
import type { TunableGraph } from '../tunableGraphs.js'
import { layerRates } from './layerRates.js'
import type { TunedTower } from './tunedTower.js'

/** @throws AppError MODEL_INVALID naming `path` if no attention is found */
export function deepTower(
  tunable: TunableGraph,
  { layerDecay = 1, ...options }: LowRankOptions & { readonly layerDecay?: number },
  path: string,
): TunedTower {
  const { graph, output } = tunable
  const adapted = addLowRankAdapters(graph, options, path)
  const { adapters } = adapted
  const adaptedWeights = adapters.map(({ matrix }) => matrix.weight)
  const rates = layerRates(tunable, adaptedWeights, layerDecay, path)
  return {
    graph: adapted.graph,
    output,
    trainable: adapters.flatMap(({ down, up }) => [down, up]),
    noDecay: new Set(),
    rates: new Map(
      adapters.flatMap(({ matrix, down, up }) => {
        const rate = rates.get(matrix.weight) ?? 1
        return [down, up].map((name) => [name, rate] as const)
      }),
    ),
    // The change is A B: a share of B is that share of it.
    blended: new Set(adapters.map(({ up }) => up)),
    merge: (weights) => mergeLowRank(graph, adapters, weights),
  }
}
