/** What a contrastive loss is: a graph over a batch of paired embeddings, and its own parameters. */
import type { Graph } from '../../onnx/graph.js'

/** A scalar that is learned with the encoders, never decayed. */
export interface LossParameter {
  readonly name: string
  readonly initial: number
  /** It is put back into this range after every update. */
  readonly min: number
  readonly max: number
}

/**
 * `build` gives a graph with the inputs `image_embeds` and `text_embeds` [batch, dim], which need
 * not be normalised, one scalar input for each parameter, `groups` int64 [batch] where
 * `usesGroups`, and the scalar output `loss`.
 */
export interface Loss {
  readonly usesGroups: boolean
  readonly parameters: readonly LossParameter[]
  readonly build: () => Graph
}

/**
 * theta, the logarithm of what cosines are multiplied by. The range is CLIP's (Radford et al. 2021):
 * a scale above 100 made their training unstable, below 1 it cannot separate anything.
 */
export const logitScale: LossParameter = {
  name: 'logit_scale',
  initial: Math.log(1 / 0.07),
  min: 0,
  max: Math.log(100),
}
