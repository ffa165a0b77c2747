/** Layer-wise learning rate decay (Clark et al. 2020, ELECTRA, table 7; Bao et al. 2021, BEiT). */
import { AppError } from '../../../../../shared/errors.js'
import type { TunableGraph } from '../tunableGraphs.js'
import { findLayerDepths } from './layerDepths.js'

/**
 * Each weight's factor on the learning rate: 1 in the last layer that is trained, and `decay` times as
 * much in each one before it. Early layers see what all pictures have in common, so they need least change.
 *
 * @param path of the encoder, to be told
 * @throws AppError INVALID_ARGUMENT if the encoder's layers cannot be told
 */
export function layerRates(
  { graph, output }: TunableGraph,
  weights: readonly string[],
  decay: number,
  path: string,
): ReadonlyMap<string, number> {
  if (decay === 1) return new Map()
  const depths = findLayerDepths(graph, output, weights)
  if (depths === null) {
    const problem = `no attention blocks are found in ${path}, so its layers cannot be told apart; leave the option out`
    throw new AppError('INVALID_ARGUMENT', { argument: '--layer-decay', problem })
  }
  const last = Math.max(...depths.values())
  return new Map([...depths].map(([name, depth]) => [name, decay ** (last - depth)]))
}
