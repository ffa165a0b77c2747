/** The objective of pictures alone: a loss between two views of each. */
import { GraphBuilder } from '../../onnx/graphBuilder.js'
import type { Loss, LossInputs } from '../losses/loss.js'
import { rowNumbers } from '../losses/similarity.js'
import { declareParameters } from './declareParameters.js'
import type { Objective } from './objective.js'

/**
 * The loss over the first half of `image_embeds` [2 pictures, dim] as `first` and the other half,
 * the same pictures seen again, as `second`.
 */
export function viewObjective(loss: Loss): Objective {
  return {
    readsTexts: false,
    parameters: loss.parameters,
    groups: loss.usesGroups ? ['view_groups'] : [],
    build(start) {
      const b = new GraphBuilder('views')
      const images = b.input('image_embeds', 'float32', ['views', 'dim'])
      const parameter = declareParameters(b, loss.parameters, start)
      b.output(writeViews(b, loss, images, parameter), 'float32', [], 'loss')
      return b.build()
    },
  }
}

/** The loss between both halves of `images`; declares its groups. */
export function writeViews(
  b: GraphBuilder,
  loss: Loss,
  images: string,
  parameter: LossInputs['parameter'],
): string {
  const [first, second] = b.multi('Split', [images], 2, { axis: 0, num_outputs: 2 })
  const groups = loss.usesGroups
    ? b.input('view_groups', 'int64', ['pictures'])
    : rowNumbers(b, first!)
  return loss.write(b, { first: first!, second: second!, groups, parameter })
}
