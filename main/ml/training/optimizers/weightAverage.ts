/** The exponential moving average of the weights, which usually generalises better than the last. */
import type { Graph } from '../../onnx/graph.js'
import { UpdateBuilder } from './optimizer.js'

/** average' = average + take (parameter - average), with the inputs `parameter`, `average`, `take`. */
export function buildWeightAverage(): Graph {
  const b = new UpdateBuilder('weight_average')
  const [parameter, average] = [b.array('parameter'), b.array('average')]
  const change = b.mul(b.op('Sub', [parameter, average]), b.fed('take'))
  b.next('average', b.add(average, change))
  return b.build()
}

/**
 * The decay of update `update`, counted from 1: shorter at first, so that a short run's average is
 * not mostly its initial weights.
 */
export function warmedDecay(decay: number, update: number): number {
  return Math.min(decay, (1 + update) / (10 + update))
}
