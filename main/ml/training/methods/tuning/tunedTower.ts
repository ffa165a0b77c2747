/** An encoder of an existing model, with what training changes in it. */
import type { Tower } from '../../../clip/builder/towerBuilder.js'
import type { Graph } from '../../../onnx/graph.js'
import type { TunableGraph } from '../tunableGraphs.js'

export interface TunedTower extends Tower {
  /**
   * Those of `trainable` whose change a blend takes a share of; with the others as they are, half of
   * it is half of the change of each weight of the saved model.
   */
  readonly blended: ReadonlySet<string>
  /** The whole encoder, as it is saved, with these trained weights in it. */
  merge(weights: ReadonlyMap<string, Float32Array>): Graph
}

/** An encoder of which nothing is trained. */
export function frozenTower({ graph, output }: TunableGraph): TunedTower {
  return {
    graph,
    output,
    trainable: [],
    noDecay: new Set(),
    blended: new Set(),
    merge: () => graph,
  }
}
