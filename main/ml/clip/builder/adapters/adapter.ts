/** What an adapter is: a change that is added to an encoder's embeddings. */
import type { Graph } from '../../../onnx/graph.js'
import type { TowerBuilder } from '../towerBuilder.js'

/** A trained adapter: y -> y + change(y) on embeddings [rows, dim] as the encoder gives them. */
export interface Adapter {
  /** What the whole adapter adds to each row, row-major. */
  change(rows: Float32Array): Float32Array
  /**
   * The graph with `share` of the change built in, so that the saved model needs nothing extra.
   *
   * @throws AppError SHAPE_MISMATCH if `output` has not this many dimensions
   */
  merge(graph: Graph, output: string, share: number): Graph
}

/** A kind of adapter. */
export interface AdapterKind {
  /** Declares the weights, and returns what is added to `features` [batch, dim]: zeros at first. */
  write(b: TowerBuilder, features: string, dim: number): string
  /** Makes an adapter of weights that were trained on rows divided by `scale`. */
  read(weight: (name: string) => Float32Array, scale: number): Adapter
}
