/** What a contrastive loss is: nodes over the two sides of a batch, and its own parameters. */
import type { GraphBuilder } from '../../onnx/graphBuilder.js'

/**
 * A loss brings `first` and `second` of each pair together and keeps pairs apart. What the sides
 * are, pictures and texts or two views of pictures, is the objective's affair.
 */
export interface Loss {
  readonly usesGroups: boolean
  readonly parameters: readonly LossParameter[]
  /** Adds the loss to a graph and returns the name of the scalar. */
  readonly write: (b: GraphBuilder, inputs: LossInputs) => string
}

/** Names of values in the graph that a loss is added to. */
export interface LossInputs {
  /** float32 [batch, dim], not normalised. */
  readonly first: string
  readonly second: string
  /** int64 [batch]: pairs with the same number are positives of one another. */
  readonly groups: string
  /** The value of one of the loss's own parameters. */
  readonly parameter: (name: string) => string
}

/** Learned with the encoders, and dropped when they are saved unless a model records it. */
export interface LossParameter {
  readonly name: string
  readonly initial: (start: LossStart) => ParameterValues
  /** A scalar is put back into this range after every update. */
  readonly range: { readonly min: number; readonly max: number } | null
  readonly decayed: boolean
}

export interface ParameterValues {
  readonly dims: readonly number[]
  readonly data: Float32Array
}

/** What is known of the encoders when training starts. */
export interface LossStart {
  readonly embeddingDim: number
  /** theta: logits are cosines times exp(theta). */
  readonly logitScale: number
  /** Added to logits; null for a model that has none. */
  readonly logitBias: number | null
}
