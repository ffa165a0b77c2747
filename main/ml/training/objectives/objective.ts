/** What a step minimises: losses over the embeddings of a batch, as one graph. */
import type { Graph } from '../../onnx/graph.js'
import type { LossParameter, LossStart } from '../losses/loss.js'

/**
 * `build` gives a graph with the inputs `image_embeds` and `text_embeds` [rows, dim], which need not
 * be normalised, one input for each parameter, the int64 inputs of `groups`, and the scalar output
 * `loss`. Without `readsTexts` there are no `text_embeds`.
 */
export interface Objective {
  readonly readsTexts: boolean
  readonly parameters: readonly LossParameter[]
  readonly groups: readonly GroupInput[]
  readonly build: (start: LossStart) => Graph
}

/** An input that tells which pairs, or pictures, are positives of one another: those with equal numbers. */
export type GroupInput = 'groups' | 'view_groups'
